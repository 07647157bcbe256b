package canswarm.decision_test

import data.canswarm
import data.canswarm.fixture

codes(input_) := found if found := {reason.code | some reason in canswarm.decision.reasons} with input as input_

allowed(input_) if canswarm.decision.allow with input as input_

test_allows_what_a_role_may_say if {
	every one in [fixture.attest, fixture.post, fixture.commit] { allowed(one) }
}

test_names_the_rule_that_allows if {
	decision := canswarm.decision with input as fixture.attest
	decision == {"allow": true, "reasons": {{"rule": "verbs", "code": "granted", "facts": {"verb": "ATTEST", "role": "verifier"}}}}
}

test_gives_all_reasons if {
	large := fixture.with_value(fixture.attest, "/envelope/bytes", 70000)
	codes(fixture.with_value(large, "/sender/messages", 9000)) == {"envelope_too_large", "too_many_messages"}
}

test_denies_what_has_another_shape if {
	every one in [null, 1, "text", [], {}, {"schema": 2}] { not allowed(one) }
	codes({}) & {"schema_unknown", "input_malformed"} == {"schema_unknown", "input_malformed"}
}

test_denies_without_parameters if {
	not allowed(fixture.attest) with data.parameters as {}
	some reason in canswarm.decision.reasons with input as fixture.attest with data.parameters as {}
	reason.code == "parameters_lacking"
}

# Each field taken away, or of another type, is a denial.
test_denies_without_any_of_its_fields if {
	every path in ["/schema", "/gate", "/envelope/verb", "/envelope/plane", "/envelope/bytes", "/envelope/refs", "/envelope/body", "/sender/did", "/sender/roles", "/sender/zone", "/sender/messages", "/sender/bytes"] {
		not allowed(json.remove(fixture.attest, [path]))
		not allowed(fixture.with_value(fixture.attest, path, true))
		not allowed(fixture.with_value(fixture.attest, path, null))
	}
}

test_denies_needs_and_work_of_another_shape if {
	every path in ["/need/class", "/need/spent", "/need/spent/money", "/need/spent/messages", "/need/spent/tokens", "/need/spent/ms", "/work/statements", "/work/cited", "/work/models", "/work/tools", "/work/egress"] {
		not allowed(json.remove(fixture.commit, [path]))
		not allowed(fixture.with_value(fixture.commit, path, true))
	}
	not allowed(fixture.with_value(fixture.commit, "/work/egress/-", {"label": "public"}))
}
