package demo

import "github.com/innards-go/innards/cmd/innards/internal/access"

// Password is that of all log-ins of the demo: what they show is invented.
const Password = "sea view for two"

// A Person works in the demo hotel.
type Person struct {
	Email, Name, Language string
	Role                  access.Role
}

// Staff returns a person for every role of the staff.
func Staff() []Person {
	return []Person{
		{"administrator@demo.example", "Vera Administrator", "", access.Administrator},
		{"desk@demo.example", "Ana Front Desk", "", access.FrontDesk},
		{"accounting@demo.example", "Ivo Accounting", "", access.Accounting},
		{"operator@demo.example", "Olga Operator", "", access.Operator},
	}
}
