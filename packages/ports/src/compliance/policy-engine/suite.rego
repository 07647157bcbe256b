# The policy that the suite of policy engines asks of: it does what the input's task says. `suite.wasm` is this, compiled by the OPA
# that policies/README.md names: opa build -t wasm -e canswarm/decision --prune-unused suite.rego
package canswarm

decision := {"allow": true, "reasons": [{"rule": "suite", "code": "echo", "facts": {
	"parameter": data.parameters.word,
	"said": input.said,
	"text": sprintf("%d of %s", [input.number, input.said]),
}}]} if {
	input.task == "echo"
}

decision := {"allow": false, "reasons": {reason |
	some code in ["c", "a", "b"]
	reason := {"rule": "suite", "code": code, "facts": {}}
}} if {
	input.task == "deny"
}

# As many turns as the square of the number.
decision := {"allow": true, "reasons": []} if {
	input.task == "spin"
	count([1 | some i in numbers.range(1, input.number); some j in numbers.range(1, input.number); i == j]) > 0
}

# As many integers at a time as the number.
decision := {"allow": true, "reasons": []} if {
	input.task == "hoard"
	count(numbers.range(1, input.number)) > 0
}

decision := input.decision if input.task == "say"
