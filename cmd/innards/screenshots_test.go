package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/browsertest"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
)

// The pictures in the README, which `make screenshots` writes anew. Without $INNARDS_SCREENSHOTS they are only taken.
func TestBrowserScreenshots(t *testing.T) {
	d := openDesk(t, browsertest.Desk, "administrator@demo.example")
	at := d.arrival()
	phone, dark := browsertest.Phone, browsertest.Desk
	dark.Dark = true
	for _, p := range []struct {
		name, at, press, until string
		look                   browsertest.Look
	}{
		{name: "today", at: "/desk/" + demo.Property, look: browsertest.Desk},
		{name: "calendar", at: "/desk/" + demo.Property + "/calendar", look: browsertest.Desk},
		{name: "reservation", at: at, look: dark},
		{name: "cancel", at: at, press: "#act a[href$='/cancel']", until: "#act select[name=reason_code]", look: browsertest.Desk},
		{name: "segments", at: "/desk/" + demo.Property + "/segments", look: browsertest.Desk},
		{name: "phone", at: "/desk/" + demo.Property, look: phone},
	} {
		d.See(p.look)
		d.open(p.at)
		if p.press != "" {
			d.Swap(p.press, p.until)
		}
		d.keep(p.name, d.View(), int(p.look.Width))
	}
}

// keep checks a picture and writes it where the environment says.
func (d desk) keep(name string, picture []byte, width int) {
	d.t.Helper()
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		d.t.Fatal(err)
	}
	if got := decoded.Bounds().Dx(); got != width {
		d.t.Errorf("%s is %d pixels wide, want %d", name, got, width)
	}
	if folder := os.Getenv("INNARDS_SCREENSHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
			d.t.Fatal(err)
		}
	}
}
