# What the tests begin with: inputs that are allowed, and how to change them.
package canswarm.fixture

sender := {"did": "did:key:alice", "roles": ["verifier"], "zone": "eu-north", "messages": 3, "bytes": 900}

attest := {
	"schema": 1,
	"gate": "ingress",
	"envelope": {"verb": "ATTEST", "plane": "gossip", "bytes": 700, "refs": 0, "body": {}},
	"sender": sender,
	"need": null,
	"work": null,
}

post := {
	"schema": 1,
	"gate": "preflight",
	"envelope": {"verb": "NEED", "plane": "log", "bytes": 1200, "refs": 0, "body": {"class": "brief", "priceCap": 5000000, "seatFee": 20000}},
	"sender": sender,
	"need": {"class": "brief", "spent": {"money": 5000000, "messages": 1, "tokens": 0, "ms": 0}},
	"work": null,
}

commit := object.union(post, {
	"envelope": {"verb": "COMMIT", "plane": "log", "bytes": 900, "refs": 1, "body": {}},
	"work": {"statements": 4, "cited": 4, "models": [], "tools": [], "egress": []},
})

# The input with one value put in.
with_value(base, path, value) := json.patch(base, [{"op": "add", "path": path, "value": value}])
