# What may be spent on a need: `budgets` by its class, "*" for the others; `money` (micro-credits) and `messages` of all that is done for it,
# this envelope included, `tokens` (of models) and `ms` (of work) of one result.
package canswarm.budgets

limits := object.get(data.parameters.budgets, input.need.class, data.parameters.budgets["*"])

deny contains {"rule": "budgets", "code": "budget_exceeded", "facts": {"budget": name, "class": input.need.class, "spent": spent, "limit": limit}} if {
	some name in ["messages", "money", "ms", "tokens"]
	spent := input.need.spent[name]
	limit := limits[name]
	spent > limit
}
