// Package strictjson reads JSON the way I-JSON (RFC 7493) asks senders to write it. What encoding/json lets pass, and
// another reader might understand differently, is an error: bad UTF-8, NUL, duplicate names, numbers that a float64
// cannot hold exactly, deep nesting, and anything after the value.
package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested.
const MaxDepth = 32

// maxNumber is the largest magnitude for which a float64 holds every whole number (RFC 7493, section 2.2).
const maxNumber = 1<<53 - 1

// An Error says where the text is not acceptable, and why.
type Error struct {
	Path    string // such as "nights[0].price"; empty: the whole text
	Problem string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

// Decode returns the value of the text. Objects are map[any]any, so that huma's validation, which matches the names of a
// map[string]any without regard to case, accepts only their exact spelling.
func Decode(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, &Error{Problem: "it is not valid UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := decode(d, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &Error{Problem: "there is something after the value"}
	}
	return value, nil
}

func decode(d *json.Decoder, path string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, syntax(path, err)
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == MaxDepth {
			return nil, &Error{path, fmt.Sprintf("it is nested deeper than %d", MaxDepth)}
		}
		if t == '{' {
			return decodeObject(d, path, depth+1)
		}
		return decodeArray(d, path, depth+1)
	case json.Number:
		return checkNumber(path, t)
	case string:
		return t, checkString(path, t)
	}
	return token, nil
}

func decodeObject(d *json.Decoder, path string, depth int) (any, error) {
	object := map[any]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, syntax(path, err)
		}
		name := token.(string) // the decoder accepts nothing else here
		at := strings.TrimPrefix(path+"."+name, ".")
		if err := checkString(path, name); err != nil {
			return nil, err
		}
		if _, ok := object[name]; ok {
			return nil, &Error{at, "the name is there twice"}
		}
		if object[name], err = decode(d, at, depth); err != nil {
			return nil, err
		}
	}
	return object, end(d, path)
}

func decodeArray(d *json.Decoder, path string, depth int) (any, error) {
	array := []any{}
	for d.More() {
		value, err := decode(d, path+"["+strconv.Itoa(len(array))+"]", depth)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	return array, end(d, path)
}

func end(d *json.Decoder, path string) error {
	if _, err := d.Token(); err != nil {
		return syntax(path, err)
	}
	return nil
}

func syntax(path string, err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &Error{path, "it ends too early"}
	}
	return &Error{path, err.Error()}
}

func checkNumber(path string, n json.Number) (float64, error) {
	f, err := n.Float64()
	if err != nil || f > maxNumber || f < -maxNumber {
		return 0, &Error{path, fmt.Sprintf("the number is beyond %d", maxNumber)}
	}
	return f, nil
}

// checkString refuses U+FFFD too: it marks text that was damaged on its way, such as half of a surrogate pair.
func checkString(path, s string) error {
	if strings.ContainsRune(s, 0) {
		return &Error{path, "it holds a NUL character"}
	}
	if strings.ContainsRune(s, utf8.RuneError) {
		return &Error{path, "it holds a replacement character: the text was damaged"}
	}
	return nil
}
