package api

import "sync"

// A Signal tells many waiters that something happened. The zero Signal is ready to use.
type Signal struct {
	mu     sync.Mutex
	raised chan struct{}
}

// Wait returns a channel that is closed when the signal is raised next.
func (s *Signal) Wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.raised == nil {
		s.raised = make(chan struct{})
	}
	return s.raised
}

// Raise wakes all waiters.
func (s *Signal) Raise() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.raised != nil {
		close(s.raised)
		s.raised = nil
	}
}
