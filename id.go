package innards

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync"
	"time"
)

// A Clock tells the time. Pass time.Now, or a fake in tests.
type Clock func() time.Time

// An IDSource returns a new, unique id at each call. It is safe for concurrent use.
type IDSource func() (string, error)

// UUIDv7 returns a source of UUIDs of version 7 (RFC 9562): the time in milliseconds, a counter that keeps ids of one
// source in order, and random bits read from random, such as crypto/rand.Reader.
func UUIDv7(now Clock, random io.Reader) IDSource {
	var mu sync.Mutex
	var last uint64 // milliseconds << 12 | counter
	return func() (string, error) {
		mu.Lock()
		defer mu.Unlock()
		last = max(last+1, uint64(now().UnixMilli())<<12)
		var id [16]byte
		binary.BigEndian.PutUint64(id[:8], last>>12<<16|0x7000|last&0x0fff)
		if _, err := io.ReadFull(random, id[8:]); err != nil {
			return "", err
		}
		id[8] = id[8]&0x3f | 0x80
		var text [36]byte
		for i, part := range [][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 16}} {
			at := part[0]*2 + i
			hex.Encode(text[at:], id[part[0]:part[1]])
			if i > 0 {
				text[at-1] = '-'
			}
		}
		return string(text[:]), nil
	}
}
