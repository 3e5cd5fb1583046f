package memstore

import "reflect"

// Copy returns a deep copy of v, so that what a store keeps and what its callers hold are never the same memory. It
// follows exported fields only: what a type keeps unexported, as time.Time and decimal.Decimal do, is taken to be
// immutable.
func Copy[T any](v T) T {
	detach(reflect.ValueOf(&v).Elem())
	return v
}

// detach replaces whatever memory v shares with the value it was copied from. V is settable.
func detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			v.Set(copyOf(v.Elem()).Addr())
		}
	case reflect.Slice:
		if !v.IsNil() {
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			v.Set(fresh)
			detachAll(v)
		}
	case reflect.Array:
		detachAll(v)
	case reflect.Map:
		if !v.IsNil() {
			v.Set(copyOfMap(v))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				detach(v.Field(i))
			}
		}
	}
}

// detachAll detaches the elements of a slice or array, unless they are plain, such as bytes.
func detachAll(v reflect.Value) {
	if k := v.Type().Elem().Kind(); reflect.Bool <= k && k <= reflect.Complex128 || k == reflect.String {
		return
	}
	for i := range v.Len() {
		detach(v.Index(i))
	}
}

func copyOf(v reflect.Value) reflect.Value {
	fresh := reflect.New(v.Type()).Elem()
	fresh.Set(v)
	detach(fresh)
	return fresh
}

func copyOfMap(v reflect.Value) reflect.Value {
	fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, k := range v.MapKeys() {
		fresh.SetMapIndex(k, copyOf(v.MapIndex(k)))
	}
	return fresh
}
