package transfer_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/transfer"
)

// readAll reads a file to its end and returns the rows and the lines that could not be read.
func readAll(t *testing.T, name, text string) (rows []transfer.Row, bad []int, end error) {
	t.Helper()
	r, err := transfer.NewReader(name, strings.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, line, err := r.Read()
		if err == io.EOF {
			return rows, bad, nil
		}
		if err == nil {
			rows = append(rows, row)
			continue
		}
		if _, ok := errors.AsType[*transfer.LineError](err); !ok {
			return rows, bad, err
		}
		if bad = append(bad, line); len(bad) > 100 {
			return rows, bad, err
		}
	}
}

func TestReadCSV(t *testing.T) {
	rows, bad, err := readAll(t, "x.csv", "\ufeffnumber;guest_name;adults;attribute.a b\n1;\"Peña; \"\"Íñigo\"\"\";2;x\n2;'=1+1;;\n3;\"a\nb\";1;\nfour\n5;x;y;\n")
	if err != nil || len(rows) != 3 || len(bad) != 2 || bad[0] != 6 || bad[1] != 7 {
		t.Fatalf("%+v %v %v", rows, bad, err)
	}
	if rows[0].GuestName != `Peña; "Íñigo"` || rows[0].Adults != 2 || rows[0].Attributes["a b"] != "x" {
		t.Errorf("the first row is %+v", rows[0])
	}
	if rows[1].GuestName != "=1+1" || rows[2].GuestName != "a\nb" {
		t.Errorf("the others are %+v", rows[1:])
	}
}

// A quote without its partner does not make the reader take in a whole large file.
func TestEndlessRecord(t *testing.T) {
	_, _, err := readAll(t, "x.csv", "number\n1\n\""+strings.Repeat("a", 3<<20))
	if err == nil || !strings.Contains(err.Error(), "quotation mark") {
		t.Errorf("the error is %v", err)
	}
	rows, bad, err := readAll(t, "x.jsonl", `{"number":"1"}`+"\n"+strings.Repeat("a", 3<<20)+"\n\n"+`{"number":"2"}`)
	if err != nil || len(rows) != 2 || len(bad) != 1 || bad[0] != 2 {
		t.Errorf("%v %v %v", rows, bad, err)
	}
}

func TestSurvey(t *testing.T) {
	r, err := transfer.NewReader("x.csv", strings.NewReader("property,room_type,arrival,departure\n"+
		"a,d,2027-01-01,2027-01-03\na,d,2027-01-02,2027-01-04\na,d,2027-01-03,2027-01-05\na,s,2027-01-01,2027-01-01\nb,d,2027-01-01,2027-01-02\nb,d,x,y\n"))
	if err != nil {
		t.Fatal(err)
	}
	survey, err := transfer.TakeSurvey(r)
	if err != nil || survey["a"]["d"] != 2 || survey["a"]["s"] != 1 || survey["b"]["d"] != 1 {
		t.Errorf("%v (%v)", survey, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"number;price\n1;2\n", "number,adults\n1,\"2\n", "\ufeff", `{"number":"1"}` + "\n{", "a\n", "number\n'=x\n"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, isCSV bool) {
		name := "x.jsonl"
		if isCSV {
			name = "x.csv"
		}
		rows, _, _ := readAll(t, name, text)
		if len(rows) > len(text) {
			t.Errorf("%d rows out of %d bytes", len(rows), len(text))
		}
	})
}
