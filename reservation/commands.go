package reservation

// A CommandInfo describes a command, so that routes, forms and documentation can be made from it.
type CommandInfo[I any] struct {
	Name string
	// Doc is one sentence.
	Doc string
	// New returns a pointer to an empty intent, to be decoded into.
	New func() I
}

// Commands returns all commands of a reservation. The first creates one.
func Commands() []CommandInfo[Intent] {
	return []CommandInfo[Intent]{
		{"create", "Make a reservation.", func() Intent { return &Create{} }},
		{"amend", "Change what was booked.", func() Intent { return &Amend{} }},
		{"update_guest", "Change how the guest is reached.", func() Intent { return &UpdateGuest{} }},
		{"assign_room", "Assign a room for the whole stay or for some nights.", func() Intent { return &AssignRoom{} }},
		{"move_room", "Move to another room from a night on.", func() Intent { return &MoveRoom{} }},
		{"unassign_room", "Take the room away; the type stays booked.", func() Intent { return &UnassignRoom{} }},
		{"lock_room", "Keep the room assignment from being changed.", func() Intent { return &LockRoom{} }},
		{"unlock_room", "Let the room assignment be changed again.", func() Intent { return &UnlockRoom{} }},
		{"check_in", "Mark the guest as in the house.", func() Intent { return &CheckIn{} }},
		{"check_out", "Mark the guest as gone; nights left over are given back.", func() Intent { return &CheckOut{} }},
		{"cancel", "Give the reservation up; the cancellation policy applies.", func() Intent { return &Cancel{} }},
		{"mark_no_show", "Mark the guest as not come; the cancellation policy applies.", func() Intent { return &MarkNoShow{} }},
		{"make_expected", "Restore the reservation from any status; the last fee is reversed.", func() Intent { return &MakeExpected{} }},
		{"undo_check_in", "Take a check-in of the same business date back.", func() Intent { return &UndoCheckIn{} }},
		{"undo_check_out", "Take a check-out back: the guest is in the room again.", func() Intent { return &UndoCheckOut{} }},
		{"roll_arrival", "Move the arrival on by a day and keep the departure.", func() Intent { return &RollArrival{} }},
		{"release_option", "Give an option up, without a fee.", func() Intent { return &ReleaseOption{} }},
		{"make_definite", "Bind the house: take up an option, an inquiry or a waitlisted reservation.", func() Intent { return &MakeDefinite{} }},
		{"hold_option", "Hold the room until a release time.", func() Intent { return &HoldOption{} }},
		{"waitlist", "Give the room back and let the guest wait.", func() Intent { return &Waitlist{} }},
		{"send_confirmation", "Send the confirmation to the guest.", func() Intent { return &SendConfirmation{} }},
		{"confirmation_sent", "The mail server accepted the confirmation.", func() Intent { return &ConfirmationSent{} }},
		{"mark_confirmed", "Confirm without mail, with a note how.", func() Intent { return &MarkConfirmed{} }},
		{"revoke_confirmation", "Take the confirmation back.", func() Intent { return &RevokeConfirmation{} }},
		{"guarantee", "Guarantee by hand with a note, or by a trigger that meets the policy.", func() Intent { return &GuaranteeBy{} }},
		{"revoke_guarantee", "Take the guarantee back.", func() Intent { return &RevokeGuarantee{} }},
		{"store_card", "Keep the token of a card on the reservation.", func() Intent { return &StoreCard{} }},
		{"record_payment", "Keep what was paid, authorised or returned.", func() Intent { return &RecordPayment{} }},
		{"run_payment_task", "Ask the payment provider for the amount of a task that is due.", func() Intent { return &RunPaymentTask{} }},
		{"lapse_guarantee", "Notify of the missed guarantee deadline, or give up on the guarantee, as the policy says.", func() Intent { return &LapseGuarantee{} }},
		{"send_message", "Send the automatic message of a rule that is due.", func() Intent { return &SendMessage{} }},
		{"erase_guest", "Remove the personal data; the history holds.", func() Intent { return &EraseGuest{} }},
	}
}

// PropertyCommands returns all commands of a property. The first opens one.
func PropertyCommands() []CommandInfo[PropertyIntent] {
	return []CommandInfo[PropertyIntent]{
		{"create", "Open a property.", func() PropertyIntent { return &CreateProperty{} }},
		{"amend", "Change name and settings.", func() PropertyIntent { return &AmendProperty{} }},
		{"put_room_types", "Add or replace room types.", func() PropertyIntent { return &PutRoomTypes{} }},
		{"put_rooms", "Add or replace rooms.", func() PropertyIntent { return &PutRooms{} }},
		{"put_guarantee_policy", "Add or replace a guarantee policy.", func() PropertyIntent { return &PutGuaranteePolicy{} }},
		{"put_cancellation_policy", "Add or replace a cancellation policy.", func() PropertyIntent { return &PutCancellationPolicy{} }},
		{"put_message_rule", "Add or replace a rule for automatic messages.", func() PropertyIntent { return &PutMessageRule{} }},
		{"put_payment_task", "Add or replace an automatic payment task.", func() PropertyIntent { return &PutPaymentTask{} }},
		{"close_day", "Close the business date and open the next.", func() PropertyIntent { return &CloseDay{} }},
	}
}
