package canswarm.verbs_test

import data.canswarm.fixture
import data.canswarm.verbs

denied(input_) if {
	some reason in verbs.deny with input as input_
	reason == {"rule": "verbs", "code": "verb_not_allowed", "facts": {"verb": input_.envelope.verb}}
}

test_each_role_has_its_verbs if {
	not denied(fixture.attest)
	denied(fixture.with_value(fixture.attest, "/sender/roles", []))
	denied(fixture.with_value(fixture.attest, "/envelope/verb", "MINT"))
	not denied(fixture.with_value(fixture.with_value(fixture.attest, "/envelope/verb", "MINT"), "/sender/roles", ["authority"]))
}

test_what_is_not_listed_nobody_may if {
	denied(fixture.with_value(fixture.attest, "/envelope/verb", "DANCE"))
}

test_anyone_may_post_a_need if {
	not denied(fixture.with_value(fixture.post, "/sender/roles", []))
}

test_anyone_may_heal if {
	every verb in ["ALTERNATE", "RECONCILE", "RESTART"] {
		not denied(fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", verb), "/sender/roles", []))
	}
}

test_anyone_may_suspend_and_verifiers_conform if {
	not denied(fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", "SUSPEND"), "/sender/roles", []))
	denied(fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", "CONFORM"), "/sender/roles", []))
	not denied(fixture.with_value(fixture.with_value(fixture.post, "/envelope/verb", "CONFORM"), "/sender/roles", ["verifier"]))
}
