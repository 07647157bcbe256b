# Who may say what: `verbs` lists the verbs of each role. Whoever sends has the role "anyone" besides.
package canswarm.verbs

roles := {"anyone"} | {role | some role in input.sender.roles}

grant contains {"rule": "verbs", "code": "granted", "facts": {"verb": input.envelope.verb, "role": role}} if {
	some role in roles
	input.envelope.verb in data.parameters.verbs[role]
}

deny contains {"rule": "verbs", "code": "verb_not_allowed", "facts": {"verb": input.envelope.verb}} if count(grant) == 0
