package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const bulkTag = "Bulk"

// bulkTimeout is how long a bulk command may take. One that is cut short can be sent again with the same key.
const bulkTimeout = 10 * time.Minute

type bulkInput struct {
	Filter
	Options
	RawBody []byte
}

// bulkBody is the body of a bulk command. Its intent is described by the command's own schema.
type bulkBody struct {
	IDs    []string        `json:"ids,omitempty" maxItems:"10000" doc:"reservations, instead of a search by the query parameters"`
	Intent json.RawMessage `json:"intent,omitempty"`
}

// A BulkItem is what became of one reservation: a receipt or a problem.
type BulkItem struct {
	ID      string               `json:"id"`
	Receipt *reservation.Receipt `json:"receipt,omitempty"`
	Problem *problem.Problem     `json:"problem,omitempty"`
}

// BulkResults is the answer of a bulk command.
type BulkResults struct {
	Done    int        `json:"done"`
	Refused int        `json:"refused"`
	Items   []BulkItem `json:"items"`
}

// registerBulk adds the route of a command on many reservations.
func (a *api) registerBulk(c reservation.CommandInfo[reservation.Intent], right innards.Right) {
	name := hyphens(c.Name)
	op := operation("bulk-"+name, http.MethodPost, reservationsPath+"/bulk/"+name, bulkTag, c.Doc, router.Needs(right))
	op.Description += " Does it to every reservation of a list of ids, or of a search by the query parameters: each in a " +
		"transaction of its own, so that one bad item spoils none. With `dry_run` it is a preview. The same Idempotency-Key " +
		"with the same content does no item twice: those that were done have their receipts again, with `replayed`, and " +
		"those that were refused or not reached are tried anew. So it is for ids; a search is looked up anew, and what was " +
		"done may not be found by it any more."
	op.Metadata["timeout"] = bulkTimeout
	schemas := a.huma.OpenAPI().Components.Schemas
	body := *huma.SchemaFromType(schemas, reflect.TypeFor[bulkBody]())
	body.Properties["intent"] = schemas.Schema(reflect.TypeOf(c.New()), true, "")
	body.PrecomputeMessages()
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: &body}}}
	registerCommand(a, op, a.bulk(c))
}

func (a *api) bulk(c reservation.CommandInfo[reservation.Intent]) func(context.Context, *bulkInput) (*output[BulkResults], error) {
	return func(ctx context.Context, in *bulkInput) (*output[BulkResults], error) {
		by, err := in.command(ctx)
		if err != nil {
			return nil, err
		}
		var body bulkBody
		intent := c.New()
		if err := decode(in.RawBody, &body); err != nil {
			return nil, err
		}
		if err := decode(body.Intent, intent); err != nil {
			return nil, err
		}
		of, err := in.selection(body.IDs)
		if err != nil {
			return nil, err
		}
		land, err := a.flights.begin(by)
		if err != nil {
			return nil, err
		}
		defer land()
		results, err := a.Service.Bulk(ctx, by, of, intent)
		if err != nil {
			return nil, err
		}
		return &output[BulkResults]{a.bulkResults(ctx, c.Name, results)}, nil
	}
}

// selection refuses the search that finds everything: whoever forgets the parameters means something else.
func (in *bulkInput) selection(ids []string) (reservation.Selection, error) {
	search := in.search()
	isSearch := !reflect.DeepEqual(search, (&Filter{}).search())
	if isSearch == (len(ids) > 0) {
		return reservation.Selection{}, problem.At(problem.Invalid, "body.ids", "name ids, or search by query parameters")
	}
	if isSearch {
		return reservation.Selection{Search: &search}, nil
	}
	return reservation.Selection{IDs: ids}, nil
}

func (a *api) bulkResults(ctx context.Context, command string, results []reservation.BulkResult) BulkResults {
	out := BulkResults{Items: make([]BulkItem, len(results))}
	for i, r := range results {
		out.Items[i] = BulkItem{ID: r.ID, Receipt: r.Receipt}
		if r.Err != nil {
			out.Items[i].Problem = a.problem(ctx, r.Err)
			out.Refused++
			continue
		}
		out.Done++
		if !r.Receipt.DryRun && !r.Receipt.Replayed {
			a.done(command, *r.Receipt)
		}
	}
	return out
}
