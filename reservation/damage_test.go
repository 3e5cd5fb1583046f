package reservation

import (
	"testing"
	"time"
)

// A record that was damaged, so that it has a guarantee deadline and no policy, is refused or left alone: nothing panics.
func TestDeadlineWithoutPolicy(t *testing.T) {
	deadline := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	r := Reservation{GuaranteeDeadline: &deadline, Guarantee: NotGuaranteed, Occupancy: Expected}
	if by := r.DueBy(deadline.Add(-time.Hour), &Property{}); by != nil {
		t.Errorf("it is due by %v", by)
	}
	c := &Change{}
	if blockers := (LapseGuarantee{}).Plan(&Facts{Reservation: r}, c); len(blockers) > 0 || c.After.GuaranteeLapsed {
		t.Errorf("it lapses: %v", blockers)
	}
}
