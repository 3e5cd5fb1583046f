// Package examples holds one small program for each question that an embedder asks first. Each is run by a test.
package examples
