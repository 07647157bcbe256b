# The input has the shape of schema 1, and the parameters are there. All other rules rely on it.
package canswarm.shape

deny contains {"rule": "shape", "code": "schema_unknown", "facts": {}} if not input.schema == 1

deny contains {"rule": "shape", "code": "input_malformed", "facts": {"field": field}} if {
	some field, well in fields
	not well
}

deny contains {"rule": "shape", "code": "parameters_lacking", "facts": {"parameter": name}} if {
	some name in ["budgets", "citations", "egress", "models", "prices", "rates", "sizes", "tools", "transfers", "verbs", "zones"]
	not data.parameters[name]
}

fields := {
	"gate": is_text(object.get(input, ["gate"], null)),
	"envelope.verb": is_text(object.get(input, ["envelope", "verb"], null)),
	"envelope.plane": object.get(input, ["envelope", "plane"], null) in {"gossip", "log"},
	"envelope.bytes": is_count(object.get(input, ["envelope", "bytes"], null)),
	"envelope.refs": is_count(object.get(input, ["envelope", "refs"], null)),
	"envelope.body": is_object(object.get(input, ["envelope", "body"], null)),
	"sender.did": is_text(object.get(input, ["sender", "did"], null)),
	"sender.roles": is_texts(object.get(input, ["sender", "roles"], null)),
	"sender.zone": is_text(object.get(input, ["sender", "zone"], null)),
	"sender.messages": is_count(object.get(input, ["sender", "messages"], null)),
	"sender.bytes": is_count(object.get(input, ["sender", "bytes"], null)),
	"need": is_need(object.get(input, ["need"], null)),
	"work": is_work(object.get(input, ["work"], null)),
}

default is_text(_) := false

is_text(value) if is_string(value)

default is_count(_) := false

is_count(value) if {
	is_number(value)
	value >= 0
}

default is_texts(_) := false

is_texts(list) if {
	is_array(list)
	every item in list { is_string(item) }
}

default is_need(_) := false

is_need(null)

is_need(need) if {
	is_text(need.class)
	is_count(need.spent.money)
	is_count(need.spent.messages)
	is_count(need.spent.tokens)
	is_count(need.spent.ms)
}

default is_work(_) := false

is_work(null)

is_work(work) if {
	is_count(work.statements)
	is_count(work.cited)
	is_texts(work.models)
	is_texts(work.tools)
	is_array(work.egress)
	every flow in work.egress {
		is_text(flow.label)
		is_text(flow.zone)
		is_count(flow.bytes)
	}
}
