# Sizes, rates, prices and budgets: at the limit, and one beyond it.
package canswarm.limits_test

import data.canswarm.budgets
import data.canswarm.fixture
import data.canswarm.prices
import data.canswarm.rates
import data.canswarm.sizes

codes(base, path, value) := found if found := {reason.code | some reason in (((sizes.deny | rates.deny) | prices.deny) | budgets.deny)} with input as fixture.with_value(base, path, value)

test_sizes if {
	codes(fixture.attest, "/envelope/bytes", 65536) == set()
	codes(fixture.attest, "/envelope/bytes", 65537) == {"envelope_too_large"}
	heartbeat := fixture.with_value(fixture.attest, "/envelope/verb", "HEARTBEAT")
	codes(heartbeat, "/envelope/bytes", 4096) == set()
	codes(heartbeat, "/envelope/bytes", 4097) == {"envelope_too_large"}
	codes(fixture.attest, "/envelope/refs", 16) == set()
	codes(fixture.attest, "/envelope/refs", 17) == {"too_many_refs"}
}

test_rates if {
	codes(fixture.attest, "/sender/messages", 8192) == set()
	codes(fixture.attest, "/sender/messages", 8193) == {"too_many_messages"}
	codes(fixture.post, "/sender/messages", 4096) == set()
	codes(fixture.post, "/sender/messages", 4097) == {"too_many_messages"}
	codes(fixture.attest, "/sender/bytes", 67108864) == set()
	codes(fixture.attest, "/sender/bytes", 67108865) == {"too_many_bytes"}
}

test_rates_of_the_authority if {
	policy := fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", "POLICY"), "/sender/roles", ["authority"])
	codes(policy, "/sender/messages", 4097) == set()
	codes(policy, "/sender/bytes", 67108865) == set()
	codes(fixture.with_value(policy, "/envelope/verb", "MINT"), "/sender/messages", 4097) == {"too_many_messages"}
	others := fixture.with_value(policy, "/sender/roles", ["verifier"])
	codes(others, "/sender/messages", 4097) == {"too_many_messages"}
	codes(others, "/sender/bytes", 67108865) == {"too_many_bytes"}
}

test_prices if {
	codes(fixture.post, "/envelope/body/priceCap", 1000000000000) == set()
	codes(fixture.post, "/envelope/body/priceCap", 1000000000001) == {"price_cap_too_high"}
	codes(fixture.post, "/envelope/body/seatFee", 10000000) == set()
	codes(fixture.post, "/envelope/body/seatFee", 10000001) == {"seat_fee_too_high"}
	agent := fixture.with_value(fixture.post, "/envelope/body/class", "agent")
	codes(agent, "/envelope/body/seatFee", 100000000) == set()
	codes(agent, "/envelope/body/seatFee", 100000001) == {"seat_fee_too_high"}
	other := fixture.with_value(fixture.post, "/envelope/body/class", "something else")
	codes(other, "/envelope/body/seatFee", 10000001) == {"seat_fee_too_high"}
	codes(fixture.post, "/envelope/body/priceCap", "much") & {"need_malformed"} == {"need_malformed"}
}

test_transfers if {
	transfer := fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", "TRANSFER"), "/need", null)
	codes(transfer, "/envelope/body", {"amount": 1000000000000000}) == set()
	codes(transfer, "/envelope/body", {"amount": 1000000000000001}) == {"amount_too_high"}
	codes(transfer, "/envelope/body", {"amount": null}) == {"amount_malformed"}
	codes(transfer, "/envelope/body", {}) == {"amount_malformed"}
}

test_budgets if {
	codes(fixture.commit, "/need/spent/money", 1000000000000) == set()
	codes(fixture.commit, "/need/spent/money", 1000000000001) == {"budget_exceeded"}
	codes(fixture.commit, "/need/spent/messages", 100001) == {"budget_exceeded"}
	codes(fixture.commit, "/need/spent/ms", 604800001) == {"budget_exceeded"}
	codes(fixture.commit, "/need/spent/tokens", 1) == {"budget_exceeded"}
}

test_budgets_by_class if {
	parameters := {"*": {"messages": 0, "money": 0, "ms": 0, "tokens": 0}, "brief": {"messages": 9, "money": 5000000, "ms": 0, "tokens": 10}}
	count(budgets.deny) == 0 with input as fixture.commit with data.parameters.budgets as parameters
	count(budgets.deny) == 2 with data.parameters.budgets as parameters
		with input as fixture.with_value(fixture.commit, "/need/class", "other")
}
