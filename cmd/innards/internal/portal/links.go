// Package portal lets guests in by a signed link: who has the link is the guest of one reservation, without an account.
package portal

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/url"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Grace is how long after the departure a link still opens the stay.
const Grace = 30 * 24 * time.Hour

var (
	// ErrForged is matched by what is no link, or none that was signed with the key.
	ErrForged = errors.New("portal: the link was not made here")
	// ErrExpired is matched by a link whose time is over.
	ErrExpired = errors.New("portal: the link has expired")
)

// Links makes and reads the links of guests. The zero Links makes none and takes every link for forged.
type Links struct {
	// Key is secret, of 32 random bytes. Whoever has it can make a link to any stay; another key ends all links.
	Key []byte
	Now innards.Clock
}

// A Guest is whom a link lets in.
type Guest struct {
	Reservation, Tenant, Property string
	// Expires is when the link ends, to the second.
	Expires time.Time
}

// version is the first byte of every link. Another form of link gets another one.
const version = 1

// Make returns the text of the link to a reservation, which can stand in an address as it is. It ends some time after the
// departure as it is booked now, see [Grace].
func (l Links) Make(r reservation.Reservation) string {
	if len(l.Key) == 0 {
		return ""
	}
	text := []byte{version}
	text = binary.BigEndian.AppendUint64(text, uint64(r.Departure.At(0, time.UTC).Add(Grace).Unix()))
	for _, part := range []string{r.ID, r.Tenant, r.Property} {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	return base64.RawURLEncoding.EncodeToString(append(text, l.sign(text)...))
}

// At returns how the address of a stay is made, for mails: below public, which has no slash at its end.
func (l Links) At(public string) func(context.Context, reservation.Reservation) (string, error) {
	return func(_ context.Context, r reservation.Reservation) (string, error) {
		link := l.Make(r)
		if link == "" {
			return "", nil
		}
		return public + "/stay/" + url.PathEscape(link), nil
	}
}

func (l Links) sign(text []byte) []byte {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write(text)
	return mac.Sum(nil)
}

// Read returns whom the link lets in, or an error that matches [ErrForged] or [ErrExpired].
func (l Links) Read(link string) (Guest, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(link)
	if err != nil || len(l.Key) == 0 || len(raw) < sha256.Size || base64.RawURLEncoding.EncodeToString(raw) != link {
		return Guest{}, ErrForged // the decoder passes over line breaks, which no link has
	}
	text, mac := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	if !hmac.Equal(mac, l.sign(text)) {
		return Guest{}, ErrForged
	}
	g, ok := decode(text)
	switch {
	case !ok:
		return Guest{}, ErrForged
	case !l.Now().Before(g.Expires):
		return Guest{}, ErrExpired
	}
	return g, nil
}

// decode reads what was signed, which is whole unless another version has made it.
func decode(text []byte) (g Guest, ok bool) {
	if len(text) < 9 || text[0] != version {
		return Guest{}, false
	}
	g.Expires = time.Unix(int64(binary.BigEndian.Uint64(text[1:])), 0).UTC()
	rest := bytes.NewBuffer(text[9:])
	for _, part := range []*string{&g.Reservation, &g.Tenant, &g.Property} {
		n, err := binary.ReadUvarint(rest)
		if err != nil || n > uint64(rest.Len()) {
			return Guest{}, false
		}
		*part = string(rest.Next(int(n)))
	}
	return g, rest.Len() == 0
}
