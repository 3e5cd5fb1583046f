// Package web is what people see: the front desk's pages, made on the server and usable without JavaScript. A page shows what
// the API tells and asks for what the API does, through the same service, so that the two never disagree.
package web

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate
