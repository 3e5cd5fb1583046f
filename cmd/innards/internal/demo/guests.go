package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/innards-go/innards/reservation"
)

// A country is where guests come from. All of them are invented.
type country struct {
	code, language string
	women, men     []string
	families       []string
	feminine       string // what the name of a family ends in for a woman
	share          int    // of the guests
}

var countries = []country{
	{
		code: "BG", language: "bg", share: 8, feminine: "а",
		women:    strings.Fields("Мария Елица Десислава Ралица Невена Калина Виолета Силвия Гергана Цветелина Яна Боряна"),
		men:      strings.Fields("Иван Георги Стоян Петър Димитър Николай Красимир Явор Тодор Любомир Асен Калоян"),
		families: strings.Fields("Димитров Йорданов Щерев Ангелов Костов Маринов Желев Тончев Стоилов Дачев Узунов Върбанов Пеев Чолаков Гочев Русев Бонев Цанев Кирков Дончев Райков Хаджиев Недев Славов"),
	},
	{
		code: "DK", language: "da", share: 3,
		women:    strings.Fields("Ida Åse Freja Birgitte Maren Sofie Ellen Tove Signe Karen Astrid Nanna"),
		men:      strings.Fields("Søren Mikkel Anders Jørgen Rasmus Bjørn Lars Troels Henrik Aage Esben Palle"),
		families: strings.Fields("Kjærgaard Nørgaard Østergaard Lund Bæk Søndergaard Holm Dahl Højgaard Skov Krogh Ravn Vestergaard Toft Bjerregaard Lauridsen Mørk Friis Thygesen Åkjær Winther Brandt Hedegaard Juhl"),
	},
	{
		code: "ES", language: "es", share: 3,
		women:    strings.Fields("Lucía Begoña Carmen Inés Montserrat Pilar Nuria Rocío Elena Marta Aitana Jimena"),
		men:      strings.Fields("Íñigo Álvaro Martín Joaquín Andrés Javier Óscar Raúl Sergio Tomás Hernán Gonzalo"),
		families: strings.Fields("Muñoz Ibáñez Castaño Güell Peña Ordóñez Núñez Echevarría Salvatierra Quiroga Zubizarreta Fontán Rincón Bermúdez Ocaña Tejedor Villalba Arriaga Cifuentes Lozano Pascual Serrano Valdés Yáñez"),
	},
	{
		code: "RU", language: "ru", share: 3, feminine: "а",
		women:    strings.Fields("Анна Юлия Ольга Ксения Вера Людмила Надежда Тамара Зоя Инна Раиса Полина"),
		men:      strings.Fields("Сергей Пётр Алексей Дмитрий Фёдор Михаил Юрий Глеб Артём Олег Роман Семён"),
		families: strings.Fields("Соколов Журавлёв Щукин Белов Ершов Панин Ладогин Кузьмин Снегирёв Тихонов Рябов Чудинов Озеров Лапшин Муравьёв Хлебников Яшин Гусев Веснин Дроздов Зимин Калинин Орлов Фокин"),
	},
	{
		code: "GB", language: "en", share: 4,
		women:    strings.Fields("Harriet Imogen Rosalind Beatrice Fiona Maeve Gwen Isla Philippa Tabitha Winifred Edith"),
		men:      strings.Fields("Alistair Rhys Edmund Callum Jasper Hamish Gareth Oscar Rupert Duncan Nigel Wilfred"),
		families: strings.Fields("Ashdown Pemberton Whitlock Greaves Carmichael Llewellyn O'Dowd Thistlewood Fairweather Hartley Kinnaird Loxley Marchbank Nettleton Oakeshott Penrose Quayle Ridley Sedgwick Tarrant Underhill Vaughan Winstanley Yardley"),
	},
	{
		code: "DE", language: "de", share: 5,
		women:    strings.Fields("Heike Ulrike Jutta Käthe Franziska Sabine Leonie Annegret Wiebke Mareike Dörte Grete"),
		men:      strings.Fields("Jürgen Matthias Götz Bernd Torsten Wolfgang Henning Lukas Dietmar Jörg Ansgar Volker"),
		families: strings.Fields("Müllerschön Grünwald Weiß Schäfer Böttcher Kröger Nußbaum Lindemann Hölderle Petersen Rößler Steinbrück Vogt Wagenknecht Zöllner Bühler Dürkop Eichstädt Fröhlich Gärtner Hübner Jäger Köster Löwe"),
	},
}

// mailDomains are kept for examples (RFC 2606): nobody is reached by them.
var mailDomains = []string{"example.com", "example.net", "example.org"}

// A registry hands out guests. After some hundred of a country those who came before come again.
type registry struct {
	random *rand.Rand
	handed [6]int // by country
	booked map[visit]bool
}

// A visit is booked once.
type visit struct {
	name            string
	arrives, leaves int
}

// guest returns the next guest for the trip.
func (r *registry) guest(t trip) reservation.Person { return r.from(r.country(), t) }

// from returns the next guest of the country for the trip.
func (r *registry) from(country int, t trip) reservation.Person {
	for {
		n := r.handed[country]
		r.handed[country]++
		p := countries[country].guest(n)
		p.Phone = fmt.Sprintf("+000 %d55 %04d", country+1, n%persons)
		if v := (visit{p.Name, t.arrives, t.leaves}); !r.booked[v] {
			r.booked[v] = true
			return p
		}
	}
}

// country draws one by the shares.
func (r *registry) country() int {
	sum := 0
	for _, c := range countries {
		sum += c.share
	}
	at := r.random.IntN(sum)
	for i, c := range countries {
		if at -= c.share; at < 0 {
			return i
		}
	}
	return 0
}

// Of a country there are as many names of persons, half of them of women, as of families.
const (
	names   = 24
	persons = names * names
)

// guest returns the n-th guest of the country. Every name of a person meets every name of a family, once; then the guests
// come again.
func (c country) guest(n int) reservation.Person {
	n %= persons
	at := n % names
	first, family := c.men[at/2], c.families[(n+n/names)%names]
	if at%2 == 0 {
		first, family = c.women[at/2], family+c.feminine
	}
	return reservation.Person{
		Name: first + " " + family, Language: c.language, Country: c.code,
		Email: fmt.Sprintf("%s.guest%03d@%s", strings.ToLower(c.code), n+1, mailDomains[n%len(mailDomains)]),
	}
}
