package reservation

import "github.com/innards-go/innards"

// The kinds of effects in the outbox. Their keys are deterministic: a receiver that has seen a key ignores it.
const (
	EffectPostFee      = "post_fee"      // [MoneyEffect]
	EffectApplyDeposit = "apply_deposit" // [MoneyEffect]
	EffectRefund       = "refund"        // [MoneyEffect]
	EffectRelease      = "release"       // [MoneyEffect], for the payment provider: let go of that much of the authorisation
	EffectReverseFee   = "reverse_fee"   // [MoneyEffect]; an applied deposit comes back with it
	EffectConfirmation = "confirmation"  // [ConfirmationEffect]: send the confirmation, then command confirmation_sent
	EffectMessage      = "message"       // [MessageEffect]: send an automatic message
	EffectCharge       = "charge"        // [ChargeEffect]: ask the payment provider, then command record_payment
	EffectNotify       = "notify"        // [NotifyEffect]: tell the staff
	EffectErase        = "erase"         // [EraseEffect]: whoever keeps personal data of the guest elsewhere removes it
)

// A MoneyEffect is for the folio or the payment provider.
type MoneyEffect struct {
	Amount innards.Money `json:"amount"`
	Cycle  int           `json:"cycle"`
	Kind   Occupancy     `json:"kind"` // cancelled or no_show
}

// A ConfirmationEffect is for the mailer, which reads the reservation when it sends.
type ConfirmationEffect struct {
	Revision int `json:"revision"` // to be handed back with confirmation_sent
}

// A MessageEffect is for the mailer, which reads the reservation when it sends.
type MessageEffect struct {
	Rule     string `json:"rule"`
	Template string `json:"template"`
}

// A ChargeEffect is for the payment provider. The outcome comes back with record_payment.
type ChargeEffect struct {
	Task       string        `json:"task"`
	Occurrence string        `json:"occurrence"`
	Amount     innards.Money `json:"amount"`
}

// A NotifyEffect is for the staff.
type NotifyEffect struct {
	About string `json:"about"` // "guarantee_deadline" or "payment_failed"
}

// An EraseEffect is for everybody who was told personal data of the guest, such as the mailer.
type EraseEffect struct{}
