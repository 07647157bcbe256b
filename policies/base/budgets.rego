# What all that is done for a need may take: `budgets` by its class, "*" for the others; each of `money` (micro-credits), `messages`,
# `tokens` (of models) and `ms` (of work). What is spent includes what this envelope would spend.
package canswarm.budgets

limits := object.get(data.parameters.budgets, input.need.class, data.parameters.budgets["*"])

deny contains {"rule": "budgets", "code": "budget_exceeded", "facts": {"budget": name, "class": input.need.class, "spent": spent, "limit": limit}} if {
	some name in ["messages", "money", "ms", "tokens"]
	spent := input.need.spent[name]
	limit := limits[name]
	spent > limit
}
