package reservation

import (
	"cmp"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// An Intent is what is asked of a reservation, such as [CheckIn]. Embedders may add their own, together with rows of a
// lifecycle.
type Intent interface {
	Name() string
	// Plan checks the input, adds the effects to the change and returns what stands against it. It is pure.
	Plan(*Facts, *Change) []innards.Blocker
}

// A PropertyIntent is what is asked of a property, such as [CloseDay].
type PropertyIntent interface {
	Name() string
	Plan(*PropertyFacts, *PropertyChange) []innards.Blocker
}

// A Receipt is the answer of a command: the record's statuses and what the command did. It holds no personal data, since
// it is kept under the idempotency key.
type Receipt struct {
	ID                 string         `json:"id"`
	Number             string         `json:"number"`
	Version            int64          `json:"version"`
	Confirmation       Confirmation   `json:"confirmation"`
	Guarantee          Guarantee      `json:"guarantee"`
	Occupancy          Occupancy      `json:"occupancy"`
	Commitment         Commitment     `json:"commitment"`
	Moves              []innards.Move `json:"moves"`
	Overrides          []innards.Code `json:"overrides,omitempty"`
	Rooms              []string       `json:"rooms,omitempty"`
	Warnings           []Warning      `json:"warnings,omitempty"`
	Fee                *Fee           `json:"fee,omitempty"`     // charged, waived or reversed by the command
	Effects            []string       `json:"effects,omitempty"` // keys of the messages in the outbox
	CancellationNumber string         `json:"cancellation_number,omitempty"`
	At                 time.Time      `json:"at"`
	DryRun             bool           `json:"dry_run,omitempty"`
	Replayed           bool           `json:"replayed,omitempty"` // the stored answer of an earlier commit
}

// Options are what a service needs beside its store.
type Options struct {
	// Clock tells the time. Required; time.Now will do.
	Clock innards.Clock
	// Random is where ids, numbers and salts come from. Required; crypto/rand.Reader will do.
	Random io.Reader
	// Folio is asked before a command that charges or settles. Nil: nothing is ever closed, open or charged.
	Folio Folio
	// Lifecycles returns those of a profile. Nil: [NewLifecycles]. An embedder extends or tightens what that returns.
	Lifecycles func(Profile) (Lifecycles, error)
}

// A Service runs commands and queries on a store. It is safe for concurrent use.
type Service struct {
	store        Store
	clock        innards.Clock
	random       io.Reader
	folio        Folio
	newID        innards.IDSource
	machines     map[Profile]*innards.Machine[*Facts]
	reservations command.Domain[*Facts, *Change, Receipt]
	properties   command.Domain[*PropertyFacts, *PropertyChange, PropertyReceipt]
}

// NewService returns a service on the store.
func NewService(store Store, o Options) (*Service, error) {
	if store == nil || o.Clock == nil || o.Random == nil {
		return nil, errors.New("reservation: a service needs a store, a clock and a source of randomness")
	}
	random := &lockedReader{reader: o.Random}
	s := &Service{store: store, clock: o.Clock, random: random, folio: o.Folio, newID: innards.UUIDv7(o.Clock, random)}
	if err := s.makeMachines(o.Lifecycles); err != nil {
		return nil, err
	}
	s.reservations = command.Domain[*Facts, *Change, Receipt]{
		Machine: s.machine, Facts: s.facts, Begin: begin, Commit: store.Commit, Random: random,
		Replayed: func(r *Receipt) { r.Replayed = true },
	}
	return s, s.makeProperties()
}

// lockedReader lets many callers read from one source of randomness.
type lockedReader struct {
	mu     sync.Mutex
	reader io.Reader
}

// Read implements io.Reader.
func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reader.Read(p)
}

func (s *Service) makeMachines(lifecycles func(Profile) (Lifecycles, error)) error {
	if lifecycles == nil {
		lifecycles = NewLifecycles
	}
	s.machines = map[Profile]*innards.Machine[*Facts]{}
	for _, p := range Profiles() {
		l, err := lifecycles(p)
		if err != nil {
			return err
		}
		if s.machines[p], err = l.Machine(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) machine(f *Facts) *innards.Machine[*Facts] {
	return s.machines[f.Property.Settings.Profile]
}

func (s *Service) makeProperties() error {
	lifecycle, err := NewPropertyLifecycle()
	if err != nil {
		return err
	}
	machine, err := innards.NewMachine[*PropertyFacts](PropertyKind, lifecycle)
	s.properties = command.Domain[*PropertyFacts, *PropertyChange, PropertyReceipt]{
		Machine: func(*PropertyFacts) *innards.Machine[*PropertyFacts] { return machine },
		Facts:   s.propertyFacts, Begin: beginProperty, Commit: s.store.CommitProperty, Random: s.random,
		Replayed: func(r *PropertyReceipt) { r.Replayed = true },
	}
	return err
}

// Do carries out the intent on the reservation, or returns an [*innards.Refusal]. To create one, pass [Create] and the
// id "".
func (s *Service) Do(ctx context.Context, by innards.Command, id string, in Intent) (Receipt, error) {
	receipt, err := s.reservations.Do(ctx, by, id, in)
	receipt.DryRun = by.DryRun && err == nil && !receipt.Replayed
	return receipt, err
}

// DoProperty carries out the intent on the property, or returns an [*innards.Refusal]. To open one, pass
// [CreateProperty] and its id.
func (s *Service) DoProperty(ctx context.Context, by innards.Command, id string, in PropertyIntent) (PropertyReceipt, error) {
	receipt, err := s.properties.Do(ctx, by, id, in)
	receipt.DryRun = by.DryRun && err == nil && !receipt.Replayed
	return receipt, err
}

// Actions returns every command on the reservation with what stands against it now. A command without blockers can be
// refused only for its input, or because the facts have changed.
func (s *Service) Actions(ctx context.Context, a innards.Actor, id string) ([]innards.Action, error) {
	return s.reservations.Actions(ctx, a, id)
}

// PropertyActions is Actions for a property.
func (s *Service) PropertyActions(ctx context.Context, a innards.Actor, id string) ([]innards.Action, error) {
	return s.properties.Actions(ctx, a, id)
}

// needer is an intent whose decision rests on the inventory.
type needer interface {
	need(*Reservation, *Property) Need
}

// needOf returns what the intent needs; for the list of actions, with no intent, what any guard may read.
func needOf(in Intent) func(*Reservation, *Property) Need {
	if in == nil {
		return func(r *Reservation, p *Property) Need { return r.need(p) }
	}
	if n, ok := in.(needer); ok {
		return n.need
	}
	return nil
}

func (s *Service) facts(ctx context.Context, by innards.Command, id string, in command.Intent[*Facts, *Change]) (*Facts, error) {
	ask := Ask{ID: id, Key: by.Key, At: command.Now(s.clock), Need: needOf(in)}
	create, creates := intentOf[Create](in)
	if creates = creates && id == ""; creates {
		ask.Property = create.Property
	}
	f, err := s.store.Facts(ctx, by.Actor.Scope(), ask)
	if creates && errors.Is(err, innards.ErrNotFound) {
		return nil, refuse(create.Name(), PropertyUnknown.In("property", create.Property))
	}
	if err != nil {
		return nil, err
	}
	f.Actor, f.Intent, f.Kind = by.Actor, in, Kind
	if f.Prior != nil {
		return f, nil // nothing is decided again
	}
	if f.NewNumber, err = s.newNumber(); err != nil {
		return nil, err
	}
	if creates {
		return f, s.creationFacts(ctx, f, create)
	}
	return f, s.askFolio(ctx, f)
}

// creationFacts adds what is not read but made for a new reservation, and whether its number is in use.
func (s *Service) creationFacts(ctx context.Context, f *Facts, create Create) (err error) {
	if err := s.newRecord(f, create); err != nil || create.Number == "" {
		return err
	}
	f.NumberTaken, err = s.numberTaken(ctx, f.Actor, create)
	return err
}

// newRecord makes the head of a new reservation.
func (s *Service) newRecord(f *Facts, create Create) (err error) {
	f.ID, err = s.newID()
	f.Tenant, f.Head.Property, f.Party = f.Actor.Tenant, create.Property, cmp.Or(create.Party, ownParty(f.ID))
	return err
}

// numberTaken asks the store for the number. That it is still free is checked by the commit.
func (s *Service) numberTaken(ctx context.Context, a innards.Actor, create Create) (bool, error) {
	named := All(Test{Field: FieldProperty, Op: OpIs, Value: create.Property}, Test{Field: FieldNumber, Op: OpIs, Value: create.Number})
	page, err := s.store.Find(ctx, a.Scope(), Query{Where: []Condition{named}, Sort: FieldArrival, Limit: 1})
	return len(page.Reservations) > 0, err
}

// numberAlphabet leaves out letters that are taken for digits or each other (Crockford's base 32).
var numberAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

// newNumber returns a number for people, such as "7K3M-9QX2": 40 random bits. The store refuses one that is in use, and
// the command tries another.
func (s *Service) newNumber() (string, error) {
	var bits [5]byte
	if _, err := io.ReadFull(s.random, bits[:]); err != nil {
		return "", fmt.Errorf("reservation: making a number: %w", err)
	}
	n := numberAlphabet.EncodeToString(bits[:])
	return n[:4] + "-" + n[4:], nil
}

// asksFolio is an intent that the folio may stand against.
type asksFolio interface{ asksFolio() }

func (s *Service) askFolio(ctx context.Context, f *Facts) error {
	_, asks := f.Intent.(asksFolio)
	if s.folio == nil || !asks && f.Intent != nil {
		return nil
	}
	state, err := s.folio.State(ctx, f.ID)
	if err != nil {
		return fmt.Errorf("%w: asking the folio of %s: %w", innards.ErrUnavailable, f.ID, err)
	}
	f.Folio = &state
	return nil
}

func (s *Service) propertyFacts(ctx context.Context, by innards.Command, id string, in command.Intent[*PropertyFacts, *PropertyChange]) (*PropertyFacts, error) {
	f, err := s.store.PropertyFacts(ctx, by.Actor.Scope(), Ask{ID: id, Key: by.Key, At: command.Now(s.clock)})
	if err != nil {
		return nil, err
	}
	f.Actor, f.Intent, f.Kind = by.Actor, in, PropertyKind
	if f.Property != nil {
		return f, nil
	}
	create, ok := intentOf[CreateProperty](in)
	if !ok {
		return nil, innards.ErrNotFound
	}
	f.ID, f.Tenant, f.Head.Property, f.BusinessDate = id, by.Actor.Tenant, id, create.BusinessDate
	return f, nil
}
