# What share of a result's statements has to stand in its inputs: `citations` by the class of the need, in hundredths.
package canswarm.citations

deny contains {"rule": "citations", "code": "citations_lacking", "facts": {"class": input.need.class, "statements": statements, "cited": cited}} if {
	input.envelope.verb == "COMMIT"
	required := data.parameters.citations[input.need.class]
	statements := input.work.statements
	cited := input.work.cited
	cited * 100 < statements * required
}
