package api

import (
	"context"
	"net/http"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const (
	propertiesPath = "/v1/properties"
	propertyPath   = "/v1/properties/{id}"
	propertyTag    = "Properties"
)

func (a *api) registerProperties() {
	read := router.Needs(access.ReadProperties)
	for _, c := range reservation.PropertyCommands() {
		right := innards.Right(reservation.PropertyKind + "." + c.Name)
		if c.Name == (reservation.CreateProperty{}).Name() {
			op := a.commandRoute("create-property", propertiesPath, propertyTag, c.Doc, right, c.New())
			op.DefaultStatus = http.StatusCreated
			registerCommand(a, op, a.createProperty)
			continue
		}
		name := hyphens(c.Name)
		op := a.commandRoute("property-"+name, propertyPath+"/"+name, propertyTag, c.Doc, right, c.New())
		registerCommand(a, op, a.doPropertyCommand(c))
	}
	register(a, operation("list-properties", http.MethodGet, propertiesPath, propertyTag, "List the properties.", read), a.listProperties)
	register(a, operation("get-property", http.MethodGet, propertyPath, propertyTag, "Get a property.", read), a.getProperty)
	register(a, operation("property-actions", http.MethodGet, propertyPath+"/actions", propertyTag, "List every command with what stands against it now.", read), a.propertyActions)
	register(a, operation("property-history", http.MethodGet, propertyPath+"/history", propertyTag, "List what happened to the property.", router.Needs(access.ReadHistory)), a.propertyHistory)
}

func (a *api) createProperty(ctx context.Context, in *createInput) (*answer[reservation.PropertyReceipt], error) {
	var intent reservation.CreateProperty
	if err := decode(in.RawBody, &intent); err != nil {
		return nil, err
	}
	out, err := a.doProperty(ctx, in.Options, 0, intent.ID, intent)
	if err == nil && !out.Body.DryRun {
		out.created(propertiesPath + "/" + out.Body.ID)
	}
	return out, err
}

// doPropertyCommand returns the handler of a command on a property.
func (a *api) doPropertyCommand(c reservation.CommandInfo[reservation.PropertyIntent]) func(context.Context, *commandInput) (*answer[reservation.PropertyReceipt], error) {
	return func(ctx context.Context, in *commandInput) (*answer[reservation.PropertyReceipt], error) {
		expect, err := in.expect()
		if err != nil {
			return nil, err
		}
		intent := c.New()
		if err := decode(in.RawBody, intent); err != nil {
			return nil, err
		}
		return a.doProperty(ctx, in.Options, expect, in.ID, intent)
	}
}

func (a *api) doProperty(ctx context.Context, o Options, expect int64, id string, intent reservation.PropertyIntent) (*answer[reservation.PropertyReceipt], error) {
	by, err := o.command(ctx)
	if err != nil {
		return nil, err
	}
	by.Expect = expect
	land, err := a.flights.begin(by)
	if err != nil {
		return nil, err
	}
	defer land()
	receipt, err := a.Service.DoProperty(ctx, by, id, intent)
	if err != nil {
		return nil, err
	}
	if !receipt.DryRun && !receipt.Replayed {
		a.Committed(reservation.PropertyKind, intent.Name(), nil)
		a.Changed.Raise()
	}
	return newAnswer(receipt, receipt.Version, receipt.Replayed), nil
}

func (a *api) listProperties(ctx context.Context, _ *struct{}) (*output[list[*reservation.Property]], error) {
	properties, err := a.Service.Properties(ctx, access.ActorOf(ctx))
	return listOf(properties), err
}

func (a *api) getProperty(ctx context.Context, in *RecordID) (*recordOutput[*reservation.Property], error) {
	p, err := a.Service.Property(ctx, access.ActorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &recordOutput[*reservation.Property]{etag(p.Version), p}, nil
}

func (a *api) propertyActions(ctx context.Context, in *RecordID) (*output[list[innards.Action]], error) {
	actions, err := a.Service.PropertyActions(ctx, access.ActorOf(ctx), in.ID)
	return listOf(actions), err
}
