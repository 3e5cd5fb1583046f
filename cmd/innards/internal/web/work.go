package web

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
)

// Work is what the server does by itself, to be looked after.
type Work struct {
	Tasks     *jobs.Tasks
	Queue     *jobs.Queue
	Box       *mail.Box
	Endpoints *webhook.Endpoints
}

// registerWork adds the pages of tasks and jobs, mails and webhooks.
func (s *site) registerWork(rt *router.Router) {
	manage := router.Needs(access.ManageWork)
	s.get(rt, "/work", manage, s.workPage)
	s.post(rt, "/work/tasks/{task}/run", manage, s.runTask)
	s.post(rt, "/work/jobs/{job}/retry", manage, func(v *view) error {
		return v.doneWith(s.Work.Queue.Retry(v.ctx(), v.scope(), v.r.PathValue("job")), "/work", "done.again")
	})
	s.post(rt, "/work/jobs/{job}/cancel", manage, func(v *view) error {
		return v.doneWith(s.Work.Queue.Cancel(v.ctx(), v.scope(), v.r.PathValue("job"), v.visitor.Name), "/work", "done.job_cancelled")
	})
	s.get(rt, "/mails", manage, s.mails)
	s.get(rt, "/mails/{mail}", manage, s.mail)
	s.get(rt, "/mails/{mail}/{attachment}", manage, s.attachment)
	s.post(rt, "/mails/{mail}/retry", manage, func(v *view) error {
		return v.doneWith(s.Work.Box.Retry(v.ctx(), v.scope(), v.r.PathValue("mail")), "/mails", "done.again")
	})
	s.registerWebhooks(rt, manage)
}

func (v *view) scope() innards.Scope { return v.visitor.Actor.Scope() }

// workRows is how many jobs or mails one page shows.
const workRows = 50

// A workload is what the page of the background work shows.
type workload struct {
	tasks  []jobs.TaskState
	counts map[jobs.State]int64
	state  jobs.State
	jobs   []jobs.Job
	next   string
}

func jobStates() []jobs.State { return []jobs.State{jobs.Due, jobs.Running, jobs.Dead, jobs.Done} }

func (s *site) workPage(v *view) (err error) {
	w := workload{state: jobs.State(v.query("state", string(jobs.Due)))}
	if !slices.Contains(jobStates(), w.state) {
		return innards.ErrNotFound
	}
	if w.tasks, err = v.tasks(); err != nil {
		return err
	}
	if w.counts, err = s.Work.Queue.Count(v.ctx(), v.scope()); err != nil {
		return err
	}
	if w.jobs, err = s.Work.Queue.List(v.ctx(), v.scope(), w.state, v.query("after", ""), workRows); err != nil {
		return err
	}
	if len(w.jobs) == workRows {
		w.next = v.with("after", w.jobs[len(w.jobs)-1].ID)
	}
	return v.show(workPage(v, w))
}

// tasks returns the tasks of the server. They are of all properties, so that who is confined to one sees none.
func (v *view) tasks() ([]jobs.TaskState, error) {
	if v.visitor.Actor.Property != "" {
		return nil, nil
	}
	return v.Work.Tasks.List(v.ctx())
}

// runTask has a task done at once, in this process.
func (s *site) runTask(v *view) error {
	tasks, err := v.tasks()
	if err != nil {
		return err
	}
	name := v.r.PathValue("task")
	if !slices.ContainsFunc(tasks, func(t jobs.TaskState) bool { return t.Name == name }) {
		return innards.ErrNotFound
	}
	s.Work.Tasks.Ask(name)
	return v.doneWith(nil, "/work", "done.again")
}

// A postbag is a page of mails.
type postbag struct {
	counts map[mail.State]int64
	state  mail.State
	mails  []mail.Mail
	next   string
}

func mailStates() []mail.State { return []mail.State{mail.Kept, mail.Queued, mail.Sent, mail.Failed} }

func (s *site) mails(v *view) (err error) {
	var bag postbag
	if bag.counts, err = s.Work.Box.Count(v.ctx(), v.scope()); err != nil {
		return err
	}
	bag.state = mail.State(v.query("state", string(fullest(bag.counts))))
	if !slices.Contains(mailStates(), bag.state) {
		return innards.ErrNotFound
	}
	if bag.mails, err = s.Work.Box.List(v.ctx(), v.scope(), bag.state, v.query("after", ""), workRows); err != nil {
		return err
	}
	if len(bag.mails) == workRows {
		bag.next = v.with("after", bag.mails[len(bag.mails)-1].ID)
	}
	return v.show(mailsPage(v, bag))
}

// fullest returns the first state in which there are mails: without a mail server they are all kept, with one none is.
func fullest(counts map[mail.State]int64) mail.State {
	for _, state := range mailStates() {
		if counts[state] > 0 {
			return state
		}
	}
	return mail.Sent
}

func (s *site) mail(v *view) error {
	m, err := s.Work.Box.Get(v.ctx(), v.scope(), v.r.PathValue("mail"))
	if err != nil {
		return err
	}
	return v.show(mailPage(v, m))
}

// attachment hands a file of a mail out, to be kept and not to be opened within these pages.
func (s *site) attachment(v *view) error {
	m, err := s.Work.Box.Get(v.ctx(), v.scope(), v.r.PathValue("mail"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(m.Attachments, func(a mail.Attachment) bool { return a.Name == v.r.PathValue("attachment") })
	if i < 0 {
		return innards.ErrNotFound
	}
	v.w.Header().Set("Content-Type", m.Attachments[i].Type)
	v.w.Header().Set("Content-Disposition", "attachment")
	_, _ = v.w.Write(m.Attachments[i].Bytes) // a visitor who has gone needs none
	return nil
}

// registerWebhooks adds the pages of those who are told what happens.
func (s *site) registerWebhooks(rt *router.Router, manage router.Policy) {
	s.get(rt, "/webhooks", manage, s.webhooks)
	s.get(rt, "/webhooks/new", manage, func(v *view) error { return v.show(sheetPage(v, webhookSheet())) })
	s.post(rt, "/webhooks/new", manage, s.makeWebhook)
	s.get(rt, "/webhooks/{hook}", manage, s.webhook)
	hooks := s.Work.Endpoints
	for _, c := range []struct {
		name string
		do   func(ctx context.Context, scope innards.Scope, v *view) error
	}{
		{"test", func(ctx context.Context, scope innards.Scope, v *view) error {
			_, err := hooks.Test(ctx, scope, v.hook())
			return err
		}},
		{"enable", func(ctx context.Context, scope innards.Scope, v *view) error {
			return hooks.Enable(ctx, scope, v.hook())
		}},
		{"disable", func(ctx context.Context, scope innards.Scope, v *view) error {
			return hooks.Disable(ctx, scope, v.hook(), v.visitor.Name)
		}},
		{"replay", func(ctx context.Context, scope innards.Scope, v *view) error {
			return hooks.ReplayOne(ctx, scope, v.hook(), v.r.PostForm.Get("message"))
		}},
	} {
		s.post(rt, "/webhooks/{hook}/"+c.name, manage, func(v *view) error {
			return v.doneWith(c.do(v.ctx(), v.scope(), v), "/webhooks/"+v.hook(), "done.again")
		})
	}
	s.post(rt, "/webhooks/{hook}/rotate", manage, s.rotateWebhook)
	s.post(rt, "/webhooks/{hook}/remove", manage, func(v *view) error {
		return v.doneWith(hooks.Remove(v.ctx(), v.scope(), v.hook()), "/webhooks", "done.webhook_removed")
	})
}

func (v *view) hook() string { return v.r.PathValue("hook") }

func (s *site) webhooks(v *view) error {
	all, err := s.Work.Endpoints.List(v.ctx(), v.scope())
	if err != nil {
		return err
	}
	return v.show(webhooksPage(v, all))
}

func webhookSheet() *sheet {
	return &sheet{title: "webhook.new", verb: "webhook.make", form: form{fields: []field{
		{name: "url", kind: kindText, required: true}, {name: "types", kind: kindText},
	}}}
}

func (s *site) makeWebhook(v *view) error {
	in := webhookSheet()
	secret := ""
	ok, err := v.send(in, func() (err error) {
		_, secret, err = s.Work.Endpoints.Create(v.ctx(), v.scope(), in.typed("url"), strings.Fields(in.typed("types")))
		return in.blamed(v, err)
	})
	if !ok || err != nil {
		return err
	}
	return v.show(saidPage(v, "webhook.new", v.say.Say("webhook.made"), secret, "/webhooks", "nav.webhooks"))
}

// blamed makes an error about an endpoint a refusal that names the field; others are returned as they are.
func (s *sheet) blamed(v *view, err error) error {
	for of, name := range map[error]string{webhook.ErrURL: "url", webhook.ErrTypes: "types"} {
		if errors.Is(err, of) {
			invalid := innards.Reason{Code: innards.Code("webhook_" + name), Kind: innards.KindInput, Text: err.Error()}
			return &innards.Refusal{Command: "webhook", Blockers: []innards.Blocker{invalid.In(name)}}
		}
	}
	return err
}

// A hookView is an endpoint with what was delivered to it.
type hookView struct {
	webhook.Endpoint
	deliveries []webhook.Delivery
	next       string
}

func (s *site) webhook(v *view) (err error) {
	var h hookView
	if h.Endpoint, err = s.Work.Endpoints.Get(v.ctx(), v.scope(), v.hook()); err != nil {
		return err
	}
	if h.deliveries, err = s.Work.Endpoints.Deliveries(v.ctx(), v.scope(), h.ID, v.query("after", ""), workRows); err != nil {
		return err
	}
	if len(h.deliveries) == workRows {
		h.next = v.with("after", h.deliveries[len(h.deliveries)-1].ID)
	}
	return v.show(webhookPage(v, h))
}

func (s *site) rotateWebhook(v *view) error {
	secret, err := s.Work.Endpoints.Rotate(v.ctx(), v.scope(), v.hook())
	if err != nil {
		return err
	}
	return v.show(saidPage(v, "webhook.rotate", v.say.Say("webhook.rotated"), secret, "/webhooks/"+v.hook(), "webhook.back"))
}

// secretMail reports whether a mail lets its reader in, and is on its way to them: nobody else needs to read it. Without a mail
// server, which is how people evaluate the program, it is handed over by hand.
func secretMail(m mail.Mail) bool {
	return strings.HasPrefix(m.Kind, "account_") && m.State != mail.Kept
}
