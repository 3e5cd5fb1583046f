package account

import (
	"context"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"github.com/innards-go/innards"
)

// The length of a password in characters. Nothing is asked of what it is made of (NIST SP 800-63B, section 3.1.1.2).
const (
	MinPassword = 12
	MaxPassword = 128
)

// hashesAtOnce bounds the memory that logins take together.
const hashesAtOnce = 2

// defaultHash is one of the settings that OWASP's Password Storage Cheat Sheet holds equally strong: this one takes 19 MiB.
func defaultHash() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// A hasher hashes passwords with argon2id (RFC 9106), few at a time.
type hasher struct {
	params *argon2id.Params
	free   chan struct{}
	// decoy returns the hash of what nobody knows, to compare with where there is no account. It is made by the first login, since
	// it is as much work as a password.
	decoy func() (string, error)
}

func newHasher(params *argon2id.Params, unknown string) *hasher {
	if params == nil {
		params = defaultHash()
	}
	decoy := sync.OnceValues(func() (string, error) { return argon2id.CreateHash(unknown, params) })
	return &hasher{params, make(chan struct{}, hashesAtOnce), decoy}
}

// turn waits until a password may be hashed.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.free <- struct{}{}:
		return func() { <-h.free }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(normalPassword(password), h.params)
}

// admits reports whether the password is the user's and the user can log in. It takes as long for who cannot, and for the
// zero User.
func (h *hasher) admits(ctx context.Context, u User, password string) (bool, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	decoy, err := h.decoy() // also where it is not needed, so that the first login is as slow for everybody
	if err != nil {
		return false, err
	}
	hash := u.PasswordHash
	if !u.Active() {
		hash = decoy
	}
	same, err := argon2id.ComparePasswordAndHash(normalPassword(password), hash)
	return same && u.Active(), err
}

// normalPassword is the one spelling of a password: keyboards differ in how they compose letters with accents.
func normalPassword(s string) string { return norm.NFC.String(s) }

// checkPassword returns what stands against a new password of the user.
func checkPassword(password string, u User) []innards.Blocker {
	if !utf8.ValidString(password) {
		return []innards.Blocker{innards.TextInvalid.In("password", "it is not valid UTF-8")}
	}
	password = normalPassword(password)
	if n := utf8.RuneCountInString(password); n < MinPassword || n > MaxPassword {
		return []innards.Blocker{PasswordLength.In("password", "it has", n, "characters")}
	}
	if isEasy(password, u) {
		return []innards.Blocker{PasswordEasy.In("password")}
	}
	return nil
}

func isEasy(password string, u User) bool {
	folded := strings.ToLower(password)
	if commonPasswords[folded] || folded == u.Email || folded == strings.ToLower(normalPassword(u.Name)) {
		return true
	}
	first, _ := utf8.DecodeRuneInString(folded)
	return strings.Trim(folded, string(first)) == "" // one character, again and again
}

// commonPasswords are those of the length that is asked for which people choose most, in lower case.
var commonPasswords = wordSet(`
	123456789012 1234567890123 12345678901234 123456789123 1234567891011 0123456789ab 012345678910 098765432109 987654321012
	112233445566 123123123123 121212121212 123412341234 123456123456 111222333444 qwertyuiop12 qwertyuiop123 qwertyuiop[]
	qwerty123456 qwertyqwerty qwerty1234567 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5y6 zaq12wsxcde3 1qazxsw23edc asdfghjkl123
	abcdefghijkl abcdef123456 abcd12345678 abc123abc123 a1b2c3d4e5f6 password1234 password12345 password123456 password2024
	password2025 password2026 passwordpassword password123! password1234! p@ssw0rd1234 passw0rd1234 p@ssword1234 mypassword123
	changeme1234 changemenow! changemeplease letmein12345 letmeinletmein letmeinplease welcome12345 welcome123456 welcome2024!
	iloveyou1234 iloveyou12345 iloveyouforever administrator administrator1 admin1234567 admin12345678 adminadminadmin
	administrador administrateur superadministrator rootrootroot hotelhotel12 hotel1234567 hotel12345678 hotelhotelhotel
	reception123 reception1234 receptionist receptionist1 frontdesk123 frontdesk1234 frontoffice1 sunshine1234 princess1234
	football1234 baseball1234 superman1234 dragon123456 monkey123456 test12345678 testtesttest testpassword secretsecret
	supersecret1 defaultpassword temporarypassword trustno1trustno1 correcthorsebatterystaple`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}
