package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/browser"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
)

// The pictures in the README, which `make screenshots` writes anew. Without $INNARDS_SCREENSHOTS they are only taken.
func TestBrowserScreenshots(t *testing.T) {
	d := openDesk(t, browser.Desk, "administrator@demo.example")
	at := d.arrival()
	phone, dark := browser.Phone, browser.Desk
	dark.Dark = true
	for _, p := range []struct {
		name, at, press, until string
		look                   browser.Look
	}{
		{name: "today", at: "/desk/" + demo.Property, look: browser.Desk},
		{name: "calendar", at: "/desk/" + demo.Property + "/calendar", look: browser.Desk},
		{name: "reservation", at: at, look: dark},
		{name: "cancel", at: at, press: "#act a[href$='/cancel']", until: "#act select[name=reason_code]", look: browser.Desk},
		{name: "segments", at: "/desk/" + demo.Property + "/segments", look: browser.Desk},
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
