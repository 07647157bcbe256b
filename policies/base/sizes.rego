# How large an envelope may be: `sizes.bytes` by verb, "*" for the others; `sizes.refs` is the most links that it may bring along.
package canswarm.sizes

limit := object.get(data.parameters.sizes.bytes, input.envelope.verb, data.parameters.sizes.bytes["*"])

deny contains {"rule": "sizes", "code": "envelope_too_large", "facts": {"bytes": input.envelope.bytes, "limit": limit}} if {
	input.envelope.bytes > limit
}

deny contains {"rule": "sizes", "code": "too_many_refs", "facts": {"refs": input.envelope.refs, "limit": data.parameters.sizes.refs}} if {
	input.envelope.refs > data.parameters.sizes.refs
}
