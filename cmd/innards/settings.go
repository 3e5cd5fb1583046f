package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/innards-go/innards/cmd/innards/internal/strictjson"
)

// settings resolves flags that are not on the command line: from the environment, else from the configuration file.
type settings struct {
	getenv func(string) string
	file   map[string]any
}

const configFlag = "config"

// variable returns the environment variable of a flag.
func variable(flag string) string {
	return "INNARDS_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// helpText adds the environment variable to the help of a flag.
func helpText(v *kong.Value) string {
	if v.Flag == nil || v.Name == "help" {
		return v.Help
	}
	return v.Help + " ($" + variable(v.Name) + ")"
}

// Validate implements kong.Resolver.
func (*settings) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver.
func (s *settings) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if value := s.getenv(variable(flag.Name)); value != "" {
		return value, nil
	}
	if flag.Name == configFlag || flag.Name == "help" {
		return nil, nil
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s.file[flag.Name], nil
}

// load reads the configuration file, once.
func (s *settings) load(ctx *kong.Context) error {
	if s.file != nil {
		return nil
	}
	s.file = map[string]any{}
	name := s.getenv(variable(configFlag))
	for _, flag := range ctx.Model.Flags {
		if given, ok := ctx.FlagValue(flag).(string); ok && flag.Name == configFlag && given != "" {
			name = given
		}
	}
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	value, err := strictjson.Decode(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	object, ok := value.(map[any]any)
	if !ok {
		return fmt.Errorf("%s: it is not a JSON object", name)
	}
	kinds := flagKinds(ctx.Model)
	for key, value := range object {
		flag := strings.ReplaceAll(key.(string), "_", "-")
		kind, known := kinds[flag]
		if !known {
			return fmt.Errorf("%s: there is no setting %q", name, key)
		}
		if want := jsonType(kind); want != reflect.TypeOf(value) {
			return fmt.Errorf("%s: %s: it is not a %s", name, key, typeNames[want])
		}
		s.file[flag] = fmt.Sprint(value)
	}
	return nil
}

// typeNames are the types that a setting may have.
var typeNames = map[reflect.Type]string{
	reflect.TypeFor[bool](): "boolean", reflect.TypeFor[float64](): "number", reflect.TypeFor[string](): "string",
}

// jsonType returns what the configuration file must have for a flag of the kind.
func jsonType(flag reflect.Kind) reflect.Type {
	switch flag {
	case reflect.Bool:
		return reflect.TypeFor[bool]()
	case reflect.Int, reflect.Float64:
		return reflect.TypeFor[float64]()
	}
	return reflect.TypeFor[string]()
}

// flagKinds returns the names of the flags of all commands with the kinds of their values.
func flagKinds(app *kong.Application) map[string]reflect.Kind {
	kinds := map[string]reflect.Kind{}
	var visit func(*kong.Node)
	visit = func(n *kong.Node) {
		for _, flag := range n.Flags {
			kinds[flag.Name] = flag.Target.Kind()
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(app.Node)
	return kinds
}
