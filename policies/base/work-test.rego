# Zones, citations, models, tools and where data goes.
package canswarm.work_test

import data.canswarm.citations
import data.canswarm.egress
import data.canswarm.fixture
import data.canswarm.tools
import data.canswarm.zones

test_zones_of_senders if {
	count(zones.deny) == 0 with input as fixture.attest
	count(zones.deny) == 0 with input as fixture.attest with data.parameters.zones.senders as ["eu-north"]
	some reason in zones.deny with input as fixture.attest with data.parameters.zones.senders as ["us-east"]
	reason == {"rule": "zones", "code": "zone_not_allowed", "facts": {"zone": "eu-north"}}
}

test_no_zone_is_no_permission if {
	count(zones.deny) == 1 with input as fixture.attest with data.parameters.zones as {"classes": {}}
}

test_zones_of_workers if {
	count(zones.deny) == 0 with input as fixture.post with data.parameters.zones.workers as {"brief": ["us-east"]}
	count(zones.deny) == 0 with input as fixture.commit with data.parameters.zones.workers as {"other": ["us-east"]}
	some reason in zones.deny with input as fixture.commit with data.parameters.zones.workers as {"brief": ["us-east"]}
	reason == {"rule": "zones", "code": "zone_not_allowed_for_work", "facts": {"zone": "eu-north", "class": "brief"}}
}

test_zones_of_classes if {
	count(zones.deny) == 0 with input as fixture.commit with data.parameters.zones.classes as {"other": ["us-east"]}
	some reason in zones.deny with input as fixture.commit with data.parameters.zones.classes as {"brief": ["us-east"]}
	reason == {"rule": "zones", "code": "zone_not_allowed_for_class", "facts": {"zone": "eu-north", "class": "brief"}}
}

test_citations if {
	count(citations.deny) == 0 with input as fixture.commit
	some reason in citations.deny with input as fixture.with_value(fixture.commit, "/work/cited", 3)
	reason == {"rule": "citations", "code": "citations_lacking", "facts": {"class": "brief", "statements": 4, "cited": 3}}
	count(citations.deny) == 0 with input as fixture.with_value(fixture.commit, "/work/cited", 3) with data.parameters.citations as {"brief": 75}
}

test_models_and_tools if {
	model := fixture.with_value(fixture.commit, "/work/models", ["small-1"])
	tool := fixture.with_value(fixture.commit, "/work/tools", ["search"])
	some denied_model in tools.deny with input as model
	denied_model == {"rule": "tools", "code": "model_not_allowed", "facts": {"model": "small-1"}}
	some denied_tool in tools.deny with input as tool
	denied_tool == {"rule": "tools", "code": "tool_not_allowed", "facts": {"tool": "search"}}
	count(tools.deny) == 0 with input as model with data.parameters.models as ["small-1"]
	count(tools.deny) == 0 with input as tool with data.parameters.tools as ["*"]
}

flows(list) := fixture.with_value(fixture.commit, "/work/egress", list)

codes(list, parameters) := found if found := {reason.code | some reason in egress.deny} with input as flows(list) with data.parameters.egress as parameters

test_egress if {
	rules := {"public": {"zones": ["*"], "bytes": 1000}, "internal": {"zones": ["eu-north", "eu-west"], "bytes": 100}}
	codes([], rules) == set()
	codes([{"label": "public", "zone": "us-east", "bytes": 1000}], rules) == set()
	codes([{"label": "internal", "zone": "eu-west", "bytes": 100}], rules) == set()
	codes([{"label": "internal", "zone": "us-east", "bytes": 1}], rules) == {"egress_not_allowed"}
	codes([{"label": "secret", "zone": "eu-west", "bytes": 1}], rules) == {"egress_not_allowed"}
	codes([{"label": "internal", "zone": "eu-west", "bytes": 60}, {"label": "internal", "zone": "eu-north", "bytes": 41}], rules) == {"egress_too_large"}
}

# The sums are of all flows, not of different ones: two alike count twice.
test_egress_counts_each_flow if {
	rules := {"internal": {"zones": ["*"], "bytes": 100}}
	codes([{"label": "internal", "zone": "eu-west", "bytes": 60}, {"label": "internal", "zone": "eu-west", "bytes": 60}], rules) == {"egress_too_large"}
}
