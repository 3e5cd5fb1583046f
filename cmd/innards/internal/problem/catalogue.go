package problem

import (
	"net/http"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A Kind is one entry of the table of the server's own codes. Those of refused commands are the domain's.
type Kind struct {
	Code   innards.Code
	Status int
	Text   string
	Lift   string
}

// The server's own codes.
var (
	BodyInvalid      = Kind{"body_invalid", http.StatusBadRequest, "the body cannot be read", "send strict JSON (RFC 7493)"}
	RequestInvalid   = Kind{"request_invalid", http.StatusBadRequest, "the request is not well-formed", "see the errors"}
	KeyRequired      = Kind{"key_required", http.StatusBadRequest, "a command needs an idempotency key", "send Idempotency-Key, a new one for every new command"}
	Unauthenticated  = Kind{"unauthenticated", http.StatusUnauthorized, "the token is missing or not valid", "send Authorization: Bearer with a valid token"}
	NotPermitted     = Kind{innards.NotPermitted.Code, http.StatusForbidden, innards.NotPermitted.Text, innards.NotPermitted.Lift}
	CrossOrigin      = Kind{"cross_origin", http.StatusForbidden, "another site sent the request with the visitor's session", "send it from a page of this server, or with a token"}
	NotFound         = Kind{"not_found", http.StatusNotFound, "there is nothing here that the token may see", "check the address"}
	MethodNotAllowed = Kind{"method_not_allowed", http.StatusMethodNotAllowed, "the method does not apply here", "use one that Allow lists"}
	BodyTimeout      = Kind{"body_timeout", http.StatusRequestTimeout, "the body came too slowly", "send it again"}
	KeyInFlight      = Kind{"key_in_flight", http.StatusConflict, "a command with this idempotency key is being carried out", "wait for its answer, or send it again"}
	StaleVersion     = Kind{innards.StaleVersion.Code, http.StatusPreconditionFailed, innards.StaleVersion.Text, innards.StaleVersion.Lift}
	BodyTooLarge     = Kind{"body_too_large", http.StatusRequestEntityTooLarge, "the body is too large", "send at most 1 MiB"}
	MediaType        = Kind{"media_type", http.StatusUnsupportedMediaType, "the body is not JSON", "send Content-Type: application/json"}
	Invalid          = Kind{"invalid", http.StatusUnprocessableEntity, "the request does not fit its description", "see the errors, and /openapi.json"}
	VersionRequired  = Kind{"version_required", http.StatusPreconditionRequired, "a command needs the version it is meant for", "send If-Match with the ETag that you have seen"}
	TooManyRequests  = Kind{"too_many_requests", http.StatusTooManyRequests, "the token makes too many requests", "wait as long as Retry-After says"}
	Internal         = Kind{"internal", http.StatusInternalServerError, "something went wrong here", "report the request id"}
	Corrupt          = Kind{"corrupt", http.StatusInternalServerError, "stored data is damaged", "restore a backup; innards check says what is damaged"}
	Unavailable      = Kind{"unavailable", http.StatusServiceUnavailable, "the database cannot be used for now", "send it again, with the same idempotency key"}
	OutcomeUnknown   = Kind{"outcome_unknown", http.StatusServiceUnavailable, "the connection broke while committing", "send it again with the same idempotency key: it is done once"}
	Timeout          = Kind{"timeout", http.StatusServiceUnavailable, "it took too long", "send it again, with the same idempotency key"}
	StorageFull      = Kind{"storage_full", http.StatusInsufficientStorage, "the disk of the database is full", "make room"}
)

// Kinds returns the server's own codes, in the order of their statuses.
func Kinds() []Kind {
	return []Kind{BodyInvalid, RequestInvalid, KeyRequired, Unauthenticated, NotPermitted, CrossOrigin, NotFound, MethodNotAllowed,
		BodyTimeout, KeyInFlight, StaleVersion, BodyTooLarge, MediaType, Invalid, VersionRequired, TooManyRequests,
		Internal, Corrupt, Unavailable, OutcomeUnknown, Timeout, StorageFull}
}

// Catalogue returns every code that an answer can have: the server's own, then those of refused commands and queries.
func Catalogue() []Kind {
	all := Kinds()
	for _, r := range reservation.Reasons() {
		if !slices.ContainsFunc(all, func(k Kind) bool { return k.Code == r.Code }) {
			all = append(all, Kind{r.Code, statusOf(r.Block()), r.Text, r.Lift})
		}
	}
	return all
}

// statusOf returns the status of a refusal for one blocker.
func statusOf(b innards.Blocker) int {
	switch {
	case b.Kind == innards.KindPermission:
		return http.StatusForbidden
	case b.Code == innards.StaleVersion.Code:
		return http.StatusPreconditionFailed
	case b.Kind == innards.KindInput:
		return http.StatusUnprocessableEntity
	}
	return http.StatusConflict
}
