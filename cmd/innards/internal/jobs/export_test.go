package jobs

// What a process does that is killed in the middle of a job.
var (
	Claim  = (*Queue).claim
	Settle = (*Queue).settle
)
