# What a need may cost: `prices` by its class, "*" for the others. `cap` bounds the price, `seatFee` the bounty of each seat,
# `transfers` what is sent at once outside of needs. Amounts are in micro-credits.
package canswarm.prices

need_class := input.envelope.body.class if input.envelope.verb == "NEED"

limits := object.get(data.parameters.prices, need_class, data.parameters.prices["*"])

deny contains {"rule": "prices", "code": "price_cap_too_high", "facts": {"class": need_class, "cap": cap, "limit": limits.cap}} if {
	cap := input.envelope.body.priceCap
	cap > limits.cap
}

deny contains {"rule": "prices", "code": "seat_fee_too_high", "facts": {"class": need_class, "fee": fee, "limit": limits.seatFee}} if {
	fee := input.envelope.body.seatFee
	fee > limits.seatFee
}

deny contains {"rule": "prices", "code": "need_malformed", "facts": {}} if {
	input.envelope.verb == "NEED"
	not is_need
}

is_need if {
	is_string(input.envelope.body.class)
	is_number(input.envelope.body.priceCap)
	is_number(input.envelope.body.seatFee)
}

deny contains {"rule": "prices", "code": "amount_too_high", "facts": {"verb": input.envelope.verb, "amount": amount, "limit": limit}} if {
	input.envelope.verb in {"TRANSFER", "ESCROW"}
	amount := input.envelope.body.amount
	limit := data.parameters.transfers
	amount > limit
}

deny contains {"rule": "prices", "code": "amount_malformed", "facts": {"verb": input.envelope.verb}} if {
	input.envelope.verb in {"TRANSFER", "ESCROW"}
	not is_amount
}

is_amount if is_number(input.envelope.body.amount)
