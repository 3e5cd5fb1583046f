package replay

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Open opens a CSV file, or the CSV file within a zip file, whatever the name.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	magic := make([]byte, 4)
	if _, err := f.ReadAt(magic, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, f.Close())
	}
	if !bytes.Equal(magic, []byte("PK\x03\x04")) {
		return f, nil
	}
	zipped, err := openZipped(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return zipped, nil
}

// zipped closes the zip file too.
type zipped struct {
	io.ReadCloser
	file *os.File
}

// Close implements io.Closer.
func (z zipped) Close() error { return errors.Join(z.ReadCloser.Close(), z.file.Close()) }

// openZipped opens the first CSV file in the zip file.
func openZipped(f *os.File) (io.ReadCloser, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, err
	}
	for _, member := range archive.File {
		if strings.HasSuffix(strings.ToLower(member.Name), ".csv") {
			r, err := member.Open()
			return zipped{r, f}, err
		}
	}
	return nil, errors.New("there is no CSV file in it")
}
