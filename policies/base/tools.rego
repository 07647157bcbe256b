# The models and tools that work may use: `models` and `tools`, "*" being any.
package canswarm.tools

deny contains {"rule": "tools", "code": "model_not_allowed", "facts": {"model": model}} if {
	some model in input.work.models
	not model_listed(model)
}

deny contains {"rule": "tools", "code": "tool_not_allowed", "facts": {"tool": tool}} if {
	some tool in input.work.tools
	not tool_listed(tool)
}

model_listed(_) if "*" in data.parameters.models

model_listed(model) if model in data.parameters.models

tool_listed(_) if "*" in data.parameters.tools

tool_listed(tool) if tool in data.parameters.tools
