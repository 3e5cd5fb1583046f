package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
)

// JobKind is the kind of the jobs that send mails. Their keys are those of the mails.
const JobKind = "mail"

// KeptFor is how long mails are kept.
const KeptFor = 90 * 24 * time.Hour

// A Box keeps mails. It is safe for concurrent use.
type Box struct {
	session bunstore.Session
	queue   *jobs.Queue
	newID   innards.IDSource
	now     innards.Clock
}

// NewBox returns the mails of the database, which are sent by jobs of the queue.
func NewBox(db *bunstore.DB, queue *jobs.Queue, newID innards.IDSource, now innards.Clock) *Box {
	return &Box{bunstore.On(db), queue, newID, now}
}

const (
	headColumns = "id, key, kind, tenant, property, record, recipient, subject, language, state, last_error, created_at, sent_at"
	mailColumns = headColumns + ", text, html, attachments, effect"
)

var (
	ofStaff = bunstore.Confine{Tenant: "tenant", Property: "property"}

	addMail = bunstore.Both("INSERT INTO innards_server_mail (" + mailColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', '', ?, NULL, ?, ?, ?, ?) ON CONFLICT (tenant, key) DO NOTHING`)
	getMail     = ofStaff.Stmt("SELECT " + mailColumns + " FROM innards_server_mail WHERE id = ? AND {scope}")
	findMail    = bunstore.Both("SELECT " + mailColumns + " FROM innards_server_mail WHERE tenant = ? AND key = ?")
	listMails   = ofStaff.Stmt("SELECT " + headColumns + " FROM innards_server_mail WHERE state = ? AND id < ? AND {scope} ORDER BY id DESC LIMIT ?")
	recordMails = ofStaff.Stmt("SELECT " + headColumns + " FROM innards_server_mail WHERE record = ? AND id < ? AND {scope} ORDER BY id DESC LIMIT ?")
	countMails  = ofStaff.Stmt("SELECT state, count(*) FROM innards_server_mail WHERE {scope} GROUP BY state")
	accepted    = bunstore.Both("UPDATE innards_server_mail SET state = ?, last_error = '', sent_at = ? WHERE id = ?")
	refused     = bunstore.Both("UPDATE innards_server_mail SET state = ?, last_error = ? WHERE tenant = ? AND key = ? AND state IN ('queued', 'failed')")
	eraseMails  = ofStaff.Stmt(`UPDATE innards_server_mail SET recipient = '', subject = '', text = '', html = '', attachments = '[]',
		last_error = '' WHERE record = ? AND {scope}`)
	eraseErrors = ofStaff.Stmt("UPDATE innards_server_job SET last_error = '' WHERE record = ? AND {scope}")
	forgetMails = bunstore.Both(`DELETE FROM innards_server_mail WHERE id IN (
		SELECT id FROM innards_server_mail WHERE id < ? AND state <> 'queued' ORDER BY id LIMIT ?)`)
)

// Order has the mail made and sent that the effect asks for. A repetition changes nothing.
func (b *Box) Order(ctx context.Context, m innards.Message) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return b.queue.Add(ctx, jobs.Job{Kind: JobKind, Key: m.Key, Tenant: m.Tenant, Property: m.Property, Record: m.Record, Payload: payload})
}

// Queue has a mail sent that is ready. One with the same key changes nothing. A mail that cannot be sent is refused with
// [ErrInvalid].
func (b *Box) Queue(ctx context.Context, m Mail) error {
	j := jobs.Job{Kind: JobKind, Key: m.Key, Tenant: m.Tenant, Property: m.Property, Record: m.Record}
	if err := b.queue.Complete(&j); err != nil {
		return err
	}
	if err := b.insert(ctx, m, j); err != nil {
		return err
	}
	b.queue.Wake(JobKind)
	return nil
}

// insert keeps the mail, and the jobs with it.
func (b *Box) insert(ctx context.Context, m Mail, with ...jobs.Job) error {
	if err := m.Check(); err != nil {
		return err
	}
	files, err := json.Marshal(m.Attachments)
	if err != nil {
		return err
	}
	id, err := b.newID()
	if err != nil {
		return err
	}
	args := []any{id, m.Key, m.Kind, m.Tenant, m.Property, m.Record, m.To, m.Subject, m.Language, b.now().UnixMicro(), m.Text, m.HTML,
		string(files), string(m.Effect)}
	return b.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		if _, err := c.Exec(ctx, addMail, args...); err != nil {
			return err
		}
		return jobs.Insert(ctx, c, with...)
	}})
}

// Get returns a mail whole, or [innards.ErrNotFound].
func (b *Box) Get(ctx context.Context, s innards.Scope, id string) (Mail, error) {
	if err := jobs.CheckStaff(s); err != nil {
		return Mail{}, err
	}
	st, args := getMail.For(s, id)
	return b.one(ctx, st, args...)
}

func (b *Box) find(ctx context.Context, tenant, key string) (Mail, error) {
	return b.one(ctx, findMail, tenant, key)
}

func (b *Box) one(ctx context.Context, st *bunstore.Stmt, args ...any) (Mail, error) {
	var r mailRow
	if err := b.session.Row(ctx, append(r.head(), &r.Text, &r.HTML, &r.files, &r.Effect), st, args...); err != nil {
		return Mail{}, err
	}
	if err := json.Unmarshal(r.files, &r.Attachments); err != nil {
		return Mail{}, fmt.Errorf("%w: mail %s: %w", innards.ErrCorrupt, r.ID, err)
	}
	return r.mail(), nil
}

// newest is above every id.
const newest = "~"

// List returns up to limit mails in the state, newest first, without texts and attachments; after is the id of the last
// that was seen, or empty.
func (b *Box) List(ctx context.Context, s innards.Scope, state State, after string, limit int) ([]Mail, error) {
	return b.list(ctx, s, listMails, string(state), after, limit)
}

// OfRecord is List for the mails about one record, in any state.
func (b *Box) OfRecord(ctx context.Context, s innards.Scope, record, after string, limit int) ([]Mail, error) {
	return b.list(ctx, s, recordMails, record, after, limit)
}

func (b *Box) list(ctx context.Context, s innards.Scope, of *bunstore.Scoped, what, after string, limit int) (all []Mail, err error) {
	if err := jobs.CheckStaff(s); err != nil {
		return nil, err
	}
	if after == "" {
		after = newest
	}
	st, args := of.For(s, what, after)
	err = b.session.Rows(ctx, func(rows *sql.Rows) error {
		var r mailRow
		err := rows.Scan(r.head()...)
		all = append(all, r.mail())
		return err
	}, st, append(args, limit)...)
	return all, err
}

// Count returns how many mails are in each state.
func (b *Box) Count(ctx context.Context, s innards.Scope) (map[State]int64, error) {
	if err := jobs.CheckStaff(s); err != nil {
		return nil, err
	}
	counts := map[State]int64{}
	st, args := countMails.For(s)
	err := b.session.Rows(ctx, func(rows *sql.Rows) error {
		var state State
		var n int64
		err := rows.Scan(&state, &n)
		counts[state] = n
		return err
	}, st, args...)
	return counts, err
}

// Retry has a mail sent again at once that has failed, or was kept when there was no mail server. One that was sent is not
// sent again, and one that is being sent is [jobs.ErrRunning].
func (b *Box) Retry(ctx context.Context, s innards.Scope, id string) error {
	m, err := b.Get(ctx, s, id)
	if err != nil {
		return err
	}
	return b.queue.RetryKey(ctx, s, JobKind, m.Key)
}

// Erase removes what is personal from the mails about a record.
func (b *Box) Erase(ctx context.Context, s innards.Scope, record string) error {
	if err := jobs.CheckStaff(s); err != nil {
		return err
	}
	for _, erase := range []*bunstore.Scoped{eraseMails, eraseErrors} { // what a mail server answers may name the address
		st, args := erase.For(s, record)
		if err := b.exec(ctx, st, args...); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes up to limit mails from before the instant, and returns how many. Those that are not sent yet are kept.
func (b *Box) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := b.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) (err error) {
		n, err = c.Exec(ctx, forgetMails, jobs.FirstID(before), limit)
		return err
	}})
	return int(n), err
}

func (b *Box) exec(ctx context.Context, st *bunstore.Stmt, args ...any) error {
	return b.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, st, args...)
		return err
	}})
}

// mailRow is where a row is read into.
type mailRow struct {
	Mail
	files   []byte
	created int64
	sent    sql.NullInt64
}

func (r *mailRow) head() []any {
	return []any{&r.ID, &r.Key, &r.Kind, &r.Tenant, &r.Property, &r.Record, &r.To, &r.Subject, &r.Language, &r.State, &r.Error,
		&r.created, &r.sent}
}

func (r *mailRow) mail() Mail {
	r.CreatedAt = bunstore.Instant(r.created)
	if r.sent.Valid {
		r.SentAt = bunstore.Instant(r.sent.Int64)
	}
	return r.Mail
}
