# The decision: allowed is what a role may say and no rule denies. Whatever is not understood is denied.
package canswarm

import data.canswarm.budgets
import data.canswarm.citations
import data.canswarm.egress
import data.canswarm.prices
import data.canswarm.rates
import data.canswarm.shape
import data.canswarm.sizes
import data.canswarm.tools
import data.canswarm.verbs
import data.canswarm.zones

default decision := {
	"allow": false,
	"reasons": [{"rule": "decision", "code": "undecided", "facts": {}}],
}

# What has another shape is not looked at further: no rule has to expect a field that is not there.
decision := {"allow": false, "reasons": shape.deny} if count(shape.deny) > 0

decision := {"allow": false, "reasons": deny} if {
	count(shape.deny) == 0
	count(deny) > 0
}

decision := {"allow": true, "reasons": verbs.grant} if {
	count(shape.deny) == 0
	count(deny) == 0
	count(verbs.grant) > 0
}

# One line for each rule. To leave a rule out, delete its line and its import.
deny contains reason if some reason in verbs.deny

deny contains reason if some reason in sizes.deny

deny contains reason if some reason in rates.deny

deny contains reason if some reason in prices.deny

deny contains reason if some reason in zones.deny

deny contains reason if some reason in budgets.deny

deny contains reason if some reason in citations.deny

deny contains reason if some reason in tools.deny

deny contains reason if some reason in egress.deny
