package replay

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/innards-go/innards"
)

// A file is what was read of the file.
type file struct {
	words
	digest   string // of the content, hexadecimal
	bookings []booking
	damaged  []Refused
	rows     int // damaged ones too
}

// maxLine is the longest line in bytes.
const maxLine = 64 << 10

// read reads the whole file line by line, so that a damaged line spoils no other.
func read(in io.Reader) (*file, error) {
	sum := sha256.New()
	lines := bufio.NewReaderSize(io.TeeReader(in, sum), maxLine)
	head, err := lines.ReadSlice('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: the head: %w", ErrFile, err)
	}
	columns, err := columnsOf(string(head))
	if err != nil {
		return nil, err
	}
	f := &file{}
	for number := int32(2); ; number++ {
		line, err := lines.ReadSlice('\n')
		tooLong := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: line %d: %w", ErrFile, number, err)
		}
		if tooLong || len(bytes.TrimSpace(line)) > 0 {
			f.add(number, columns, line, tooLong)
		}
		if errors.Is(err, io.EOF) {
			f.digest = hex.EncodeToString(sum.Sum(nil))
			return f, nil
		}
	}
}

// add keeps a row, or what stands against it.
func (f *file) add(number int32, c *columns, line []byte, tooLong bool) {
	f.rows++
	values, err := valuesOf(string(line))
	if err != nil || tooLong || len(values) != c.width {
		refusal := &innards.Refusal{Command: readRow, Blockers: []innards.Blocker{RowUnreadable.Block()}}
		f.damaged = append(f.damaged, refused(number, refusal))
		return
	}
	r := record{columns: c, values: values, words: &f.words}
	b := r.booking()
	b.line = number
	if len(r.blockers) > 0 {
		f.damaged = append(f.damaged, refused(number, &innards.Refusal{Command: readRow, Blockers: r.blockers}))
		return
	}
	f.bookings = append(f.bookings, b)
}

// valuesOf returns the values of one line.
func valuesOf(line string) ([]string, error) {
	line = strings.TrimRight(line, "\r\n")
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), nil
	}
	return csv.NewReader(strings.NewReader(line)).Read()
}

// columns are where the values of a row are.
type columns struct {
	at    map[string]int
	width int
}

// needed are the columns that are read.
var needed = []string{
	"hotel", "lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month", "stays_in_weekend_nights",
	"stays_in_week_nights", "adults", "children", "babies", "market_segment", "distribution_channel", "reserved_room_type",
	"assigned_room_type", "deposit_type", "adr", "reservation_status", "reservation_status_date",
}

func columnsOf(head string) (*columns, error) {
	names, err := valuesOf(strings.TrimPrefix(head, "\ufeff"))
	if err != nil {
		return nil, fmt.Errorf("%w: the head: %w", ErrFile, err)
	}
	c := &columns{at: map[string]int{}, width: len(names)}
	for _, name := range needed {
		if c.at[name] = slices.Index(names, name); c.at[name] < 0 {
			return nil, fmt.Errorf("%w: there is no column %s", ErrFile, name)
		}
	}
	return c, nil
}
