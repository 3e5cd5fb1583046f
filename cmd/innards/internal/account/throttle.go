package account

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// What is let through: so many tries, to log in or for a link, within the time, of one account and of one address.
const (
	MaxTries    = 5
	TriesWithin = time.Minute
)

// maxBuckets bounds the memory of a throttle to less than a megabyte.
const maxBuckets = 1 << 14

// A throttle counts tries by key. Keys share a bucket if their hashes do, so that its memory is bounded, and nobody can be
// forgotten by trying many keys. Who shares one with whom cannot be foreseen: the hash is seeded for each throttle.
type throttle struct {
	seed maphash.Seed

	mu      sync.Mutex
	buckets [maxBuckets]bucket
}

// A bucket holds the last tries that were let through, the earliest first, in nanoseconds since 1970.
type bucket struct {
	tries [MaxTries]int64
	told  int64 // the last try, when it was first told that there are too many
}

func newThrottle() *throttle { return &throttle{seed: maphash.MakeSeed()} }

func (t *throttle) bucket(key string) *bucket {
	return &t.buckets[maphash.String(t.seed, key)%maxBuckets]
}

// take counts a try and returns how long it has to wait, 0 if it is let through. First says that it is the first that has
// to wait since one was let through.
func (t *throttle) take(key string, now time.Time) (wait time.Duration, first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.bucket(key)
	if since := now.Sub(time.Unix(0, b.tries[0])); b.tries[0] != 0 && since < TriesWithin {
		last := b.tries[MaxTries-1]
		first, b.told = b.told != last, last
		return min(TriesWithin-since, TriesWithin), first
	}
	copy(b.tries[:], b.tries[1:])
	b.tries[MaxTries-1] = now.UnixNano()
	return 0, false
}

// giveBack takes back a try that was let through at the time.
func (t *throttle) giveBack(key string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.bucket(key)
	for i := MaxTries - 1; i >= 0; i-- {
		if b.tries[i] == at.UnixNano() {
			copy(b.tries[1:i+1], b.tries[:i])
			b.tries[0] = 0
			return
		}
	}
}

// takeBoth counts a try of an address for an account. The account's is counted only if the address may try: so one address
// cannot fill the buckets of many accounts.
func (t *throttle) takeBoth(account, address string, now time.Time) (wait time.Duration, first bool) {
	if wait, first = t.take(addressKey(address), now); wait > 0 {
		return wait, first
	}
	return t.take(accountKey(account), now)
}

func (t *throttle) giveBackBoth(account, address string, at time.Time) {
	t.giveBack(addressKey(address), at)
	t.giveBack(accountKey(account), at)
}

func accountKey(email string) string { return "account " + email }

// addressKey names whoever has the address: of IPv6, a customer gets at least a /64 (RFC 6177).
func addressKey(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "address " + address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if network, err := ip.Prefix(64); err == nil {
			return "address " + network.String()
		}
	}
	return "address " + ip.String()
}
