// A small peer: of the conformance service it has NEXT, NOTE, NOTES, QUIT, CAPS, INFO, and ECHO of a few types.
//
//	go PORT
//
// What it is there for is its runtime. A goroutine that waits is no thread that waits, and the runtime's own threads wake by
// themselves, so that nobody can prove that it will say nothing.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
	"unicode/utf16"
)

const (
	opEcho, opNext, opNote, opNotes, opQuit, opCaps, opInfo = 1, 4, 5, 6, 8, 9, 10
	ok, refused, exception                                  = 0, 1, 2
	causeEnd                                                = 3 // the stream ended inside a request
	types                                                   = "byte,word,dword,long,cstring,cstringa,bytearray"
	info                                                    = "service=1\nimpl=arcwire-go 1\nops=1,4,5,6,8,9,10"
)

// The 0x80 to 0x9f of code page 1252; 0: the same number.
var upper = [32]uint16{0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178}

// session is one connection: its load archive, its store archive, what was noted. A panic with an error ends a load.
type session struct {
	in    *bufio.Reader
	out   *bufio.Writer
	notes uint32
	last  []uint16
}

func (s *session) take(n uint64) []byte {
	bytes, err := io.ReadAll(io.LimitReader(s.in, int64(n))) // grows with what comes, not with what is claimed
	if err != nil {
		panic(err)
	}
	if uint64(len(bytes)) < n {
		panic(io.EOF)
	}
	return bytes
}

func (s *session) number(size int) uint64 {
	var n uint64
	for i, b := range s.take(uint64(size)) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

func (s *session) put(size int, n uint64) {
	for i := 0; i < size; i++ {
		s.out.WriteByte(byte(n >> (8 * i)))
	}
}

// A length, and whether it counts wide characters.
func (s *session) length() (uint64, bool) {
	wide := false
	for {
		n := s.number(1)
		if n < 0xff {
			return n, wide
		}
		if n = s.number(2); n == 0xfffe && !wide {
			wide = true
			continue
		}
		if n < 0xffff {
			return n, wide
		}
		if n = s.number(4); n < 0xffffffff {
			return n, wide
		}
		return s.number(8), wide
	}
}

func (s *session) putLength(n int) {
	switch {
	case n < 0xff:
		s.put(1, uint64(n))
	case n < 0xfffe:
		s.put(1, 0xff)
		s.put(2, uint64(n))
	default:
		s.put(1, 0xff)
		s.put(2, 0xffff)
		s.put(4, uint64(n))
	}
}

func widen(b byte) uint16 {
	if b >= 0x80 && b < 0xa0 && upper[b-0x80] != 0 {
		return upper[b-0x80]
	}
	return uint16(b)
}

func narrow(u uint16) byte {
	for i := 0; i < 256; i++ {
		if widen(byte(i)) == u {
			return byte(i)
		}
	}
	return '?'
}

// A string of either width, as UTF-16.
func (s *session) text() []uint16 {
	n, wide := s.length()
	size := uint64(1)
	if wide {
		size = 2
	}
	if n > 1<<40 {
		io.Copy(io.Discard, s.in)
		panic(io.EOF) // nobody sends so much
	}
	bytes := s.take(n * size)
	units := make([]uint16, n)
	for i := range units {
		if wide {
			units[i] = uint16(bytes[2*i]) | uint16(bytes[2*i+1])<<8
		} else {
			units[i] = widen(bytes[i])
		}
	}
	return units
}

func (s *session) putWide(units []uint16) {
	s.put(1, 0xff)
	s.put(2, 0xfffe)
	s.putLength(len(units))
	for _, u := range units {
		s.put(2, uint64(u))
	}
}

func (s *session) putText(text string) { s.putWide(utf16.Encode([]rune(text))) }

// Loads a value and gives what stores it again; nil: there is no such type.
func (s *session) value(name string) func() {
	sizes := map[string]int{"byte": 1, "word": 2, "dword": 4, "long": 4}
	if size := sizes[name]; size > 0 {
		n := s.number(size)
		return func() { s.put(size, n) }
	}
	switch name {
	case "cstring":
		units := s.text()
		return func() { s.putWide(units) }
	case "cstringa":
		units := s.text()
		return func() {
			s.putLength(len(units))
			for _, u := range units {
				s.out.WriteByte(narrow(u))
			}
		}
	case "bytearray":
		n := s.number(2)
		if n == 0xffff {
			if n = s.number(4); n == 0xffffffff {
				n = s.number(8)
			}
		}
		if n > 1<<40 {
			io.Copy(io.Discard, s.in)
			panic(io.EOF)
		}
		bytes := s.take(n)
		return func() {
			if n < 0xffff {
				s.put(2, n)
			} else {
				s.put(2, 0xffff)
				s.put(4, n)
			}
			s.out.Write(bytes)
		}
	}
	return nil
}

func (s *session) refuse(why string) bool {
	s.put(2, refused)
	s.putText(why)
	return false
}

func (s *session) echo() bool {
	names := string(utf16.Decode(s.text()))
	var stores []func()
	if names != "" {
		for _, name := range strings.Split(names, ",") {
			if !strings.Contains(","+types+",", ","+name+",") {
				return s.refuse("there is no type " + name)
			}
		}
		for _, name := range strings.Split(names, ",") {
			stores = append(stores, s.value(name))
		}
	}
	s.put(2, ok)
	for _, store := range stores {
		store()
	}
	return true
}

// Answers one request; false: the connection ends behind it.
func (s *session) answer() bool {
	switch op := s.number(2); op {
	case opEcho:
		return s.echo()
	case opNext:
		n := s.number(4)
		s.put(2, ok)
		s.put(4, n+1)
	case opNote:
		s.last = s.text()
		s.notes++
	case opNotes:
		s.put(2, ok)
		s.put(4, uint64(s.notes))
		s.putWide(s.last)
	case opQuit:
		s.put(2, ok)
		return false
	case opCaps:
		s.put(2, ok)
		s.putText(types)
		s.putText("none")
		s.putText("unicode")
		s.put(2, 64)
	case opInfo:
		s.put(2, ok)
		s.putText(info)
	default:
		return s.refuse(fmt.Sprintf("there is no op %d", op))
	}
	return true
}

// All requests, up to the end of the stream where one would begin, or one that cannot be gone on from.
func (s *session) serve() {
	defer func() {
		if wrong := recover(); wrong != nil {
			s.put(2, exception)
			s.put(2, causeEnd)
		}
		s.out.Flush()
	}()
	for {
		if _, err := s.in.Peek(1); err != nil {
			return
		}
		if !s.answer() {
			return
		}
		s.out.Flush()
	}
}

func converse(c *net.TCPConn) {
	s := session{in: bufio.NewReader(c), out: bufio.NewWriter(c)}
	s.serve()
	c.CloseWrite()
	c.SetReadDeadline(time.Now().Add(time.Second)) // what still comes is read, so that closing resets nothing
	io.Copy(io.Discard, s.in)
	c.Close()
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		c, err := listener.Accept()
		if err == nil {
			go converse(c.(*net.TCPConn))
		}
	}
}
