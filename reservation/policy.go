package reservation

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
)

// What a policy can say at most.
const (
	maxGroupName   = 64   // characters of a revenue group
	maxPolicyParts = 50   // tiers, instalments or revenue groups
	maxPolicyDays  = 3650 // days
	endOfDay       = 24 * 60
	// maxPercentDecimals is also what instalments are weighed by.
	maxPercentDecimals = 4
)

var hundred = decimal.New(100, 0)

// A policyCheck collects what stands against the fields of a policy.
type policyCheck struct {
	field    string // of the input that holds the policy
	currency innards.Currency
	blockers []innards.Blocker
}

func isTimeOfDay(t innards.TimeOfDay) bool { return 0 <= t && t <= endOfDay }

func nth(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

func (k *policyCheck) path(field string) string { return strings.TrimPrefix(k.field+"."+field, ".") }

// must refuses the field unless it is right.
func (k *policyCheck) must(right bool, field string, details ...any) {
	if !right {
		k.blockers = append(k.blockers, PolicyInvalid.In(k.path(field), details...))
	}
}

func (k *policyCheck) within(field string, n, least, most int) {
	k.must(least <= n && n <= most, field, n, "is not", least, "to", most)
}

func (k *policyCheck) days(field string, n *int) {
	if n != nil {
		k.within(field, *n, 0, maxPolicyDays)
	}
}

// percent also returns whether p is one. It looks at the exponent first: a comparison with 1e9999 takes as many digits.
func (k *policyCheck) percent(field string, p decimal.Decimal) bool {
	plain := -maxPercentDecimals <= p.Exponent() && p.Exponent() <= 2
	right := plain && !p.IsNegative() && p.LessThanOrEqual(hundred)
	k.must(right, field, "it is not 0 to 100 with at most", maxPercentDecimals, "decimals")
	return right
}

func (k *policyCheck) amount(field string, m innards.Money) {
	k.blockers = append(k.blockers, checkReceived(k.path(field), m, k.currency)...)
}

func (k *policyCheck) text(field, text string, most int) {
	k.blockers = append(k.blockers, innards.CheckText(k.path(field), text, most)...)
}
