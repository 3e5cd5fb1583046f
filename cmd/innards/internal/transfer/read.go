package transfer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/innards-go/innards/cmd/innards/internal/strictjson"
)

// maxRecord is the longest record of a file in bytes.
const maxRecord = 1 << 20

// A LineError is about one line of a file; the next may be read.
type LineError struct {
	Line int
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// A Reader reads rows from a file, one at a time.
type Reader struct {
	next func() (Row, int, error)
}

// CheckName returns an error unless the file's name ends in one of the endings.
func CheckName(name string, endings ...string) error {
	if slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(name, e) }) {
		return nil
	}
	return fmt.Errorf("%s: the name must end in %s", name, strings.Join(endings, " or "))
}

// NewReader returns a reader of the file, which is named to know its kind: .csv or .jsonl.
func NewReader(name string, r io.Reader) (*Reader, error) {
	switch {
	case strings.HasSuffix(name, ".csv"):
		return newCSV(r)
	case strings.HasSuffix(name, ".jsonl"):
		return newJSONL(r), nil
	}
	return nil, CheckName(name, ".csv", ".jsonl")
}

// Read returns the next row and its line, a [*LineError] for one that is not usable, io.EOF at the end, or what else ends
// the reading.
func (r *Reader) Read() (Row, int, error) { return r.next() }

// atLine returns what was read of a line, with an error that names it.
func atLine(line int, row Row, err error) (Row, int, error) {
	if err != nil {
		err = &LineError{line, err}
	}
	return row, line, err
}

func newJSONL(r io.Reader) *Reader {
	in, line := bufio.NewReaderSize(r, maxRecord), 0
	return &Reader{func() (Row, int, error) {
		for {
			text, err := in.ReadSlice('\n')
			line++
			if err == bufio.ErrBufferFull {
				if err := skipLine(in); err != nil {
					return Row{}, line, err
				}
				return atLine(line, Row{}, fmt.Errorf("it is longer than %d bytes", maxRecord))
			}
			text = bytes.TrimSpace(text)
			if len(text) == 0 && err == nil {
				continue
			}
			if len(text) == 0 || err != nil && err != io.EOF {
				return Row{}, line, err
			}
			row, err := decodeRow(text)
			return atLine(line, row, err)
		}
	}}
}

func skipLine(in *bufio.Reader) error {
	for {
		if _, err := in.ReadSlice('\n'); err != bufio.ErrBufferFull {
			if err == io.EOF {
				return nil // the next reading says so
			}
			return err
		}
	}
}

// decodeRow reads a JSON object strictly: unknown names are errors, so that no misspelt column is lost.
func decodeRow(text []byte) (row Row, err error) {
	if _, err := strictjson.Decode(text); err != nil {
		return row, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return row, d.Decode(&row)
}

// A csvFile reads the records of a CSV file (RFC 4180), with a header, and commas or semicolons as spreadsheets write it.
type csvFile struct {
	in     *csv.Reader
	bound  *bounded
	header []string
}

func newCSV(r io.Reader) (*Reader, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // they were just peeked at
	}
	first, _ := in.Peek(in.Size()) // an error shows when it is read
	first, _, _ = bytes.Cut(first, []byte("\n"))
	f := &csvFile{bound: &bounded{in: in, left: maxRecord}}
	f.in = csv.NewReader(f.bound)
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		f.in.Comma = ';'
	}
	var err error
	if f.header, err = f.in.Read(); err != nil {
		return nil, &LineError{1, err}
	}
	f.header = slices.Clone(f.header)
	if err := checkHeader(f.header); err != nil {
		return nil, &LineError{1, err}
	}
	f.in.ReuseRecord = true
	return &Reader{f.read}, nil
}

func checkHeader(header []string) error {
	known := columns()
	for i, name := range header {
		attribute, isAttribute := strings.CutPrefix(name, attributePrefix)
		if !slices.Contains(known, name) && (!isAttribute || attribute == "") {
			return fmt.Errorf("there is no column %q; the columns are %s and %sNAME", name, strings.Join(known, ", "), attributePrefix)
		}
		if slices.Contains(header[:i], name) {
			return fmt.Errorf("the column %q is there twice", name)
		}
	}
	return nil
}

func (f *csvFile) read() (Row, int, error) {
	f.bound.left = maxRecord
	cells, err := f.in.Read()
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return atLine(bad.StartLine, Row{}, bad.Err)
	}
	if err != nil {
		return Row{}, 0, err
	}
	line, _ := f.in.FieldPos(0)
	row, err := fromCells(f.header, cells)
	return atLine(line, row, err)
}

// bounded fails when a record does not end, so that a quote without its partner does not read all of a large file.
type bounded struct {
	in   io.Reader
	left int
}

// errEndless ends the reading of a file.
var errEndless = fmt.Errorf("the record is longer than %d bytes: a quotation mark may be missing", maxRecord)

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errEndless
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}
