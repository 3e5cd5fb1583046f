package reservation

import "github.com/innards-go/innards"

// UpdateGuest changes how the guest is reached and served, as guests do themselves before they arrive. Fields that are
// left out stay. The name is for staff to amend: it says whose the reservation is.
type UpdateGuest struct {
	Email    *string `json:"email,omitempty"`
	Phone    *string `json:"phone,omitempty"`
	Language *string `json:"language,omitempty" doc:"BCP 47, such as bg"`
	Country  *string `json:"country,omitempty" doc:"ISO 3166-1 alpha-2, such as BG"`
}

// Name implements [Intent].
func (UpdateGuest) Name() string { return "update_guest" }

// Plan implements [Intent].
func (in UpdateGuest) Plan(_ *Facts, c *Change) []innards.Blocker {
	if in == (UpdateGuest{}) {
		return []innards.Blocker{NothingToChange.Block()}
	}
	g := &c.After.Guest
	g.Email, g.Phone = valueOr(in.Email, g.Email), valueOr(in.Phone, g.Phone)
	g.Language, g.Country = valueOr(in.Language, g.Language), valueOr(in.Country, g.Country)
	c.detail("guest", *g)
	blockers := checkTexts(map[string]string{"phone": g.Phone, "language": g.Language, "country": g.Country})
	return append(blockers, checkEmail("email", g.Email)...)
}

// ownParty returns the party of a reservation that belongs to no other: its guest.
func ownParty(id string) string { return "guest-" + id }
