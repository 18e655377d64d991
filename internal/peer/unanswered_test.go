package peer

import (
	"testing"
	"testing/synctest"
	"time"
)

var (
	aCall      = []byte{'l', typeCall, 0}
	aCommand   = []byte{'l', typeCall, flagNoReply}
	aSignal    = []byte{'l', 4, flagNoReply}
	anAnswer   = []byte{'l', typeReturn, 0}
	anError    = []byte{'l', typeError, 0}
	aLine      = []byte("AUTH EXTERNAL\r\n")
	notAnswers = [][]byte{aCall, aSignal, aLine, nil, {'l'}}
)

// A call too many waits for an answer, and for nothing else.
func TestUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var u unanswered
		begin := time.Now()
		for range maxUnanswered {
			u.read(aCall)
		}
		for range 2 * maxUnanswered { // nobody answers these
			u.read(aCommand)
			u.read(anAnswer)
			u.read(aSignal)
		}
		for _, answer := range [][]byte{anAnswer, anError} {
			done := make(chan struct{})
			go func() { u.read(aCall); close(done) }()
			synctest.Wait()
			for _, sent := range notAnswers {
				u.sent(sent)
			}
			synctest.Wait()
			select {
			case <-done:
				t.Fatal("a call too many is read")
			default:
			}
			u.sent(answer)
			<-done
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("reading waited %v although there were answers", took)
		}
		u.read(aCall)
		u.read(aCall)
		if took := time.Since(begin); took != 2*unansweredPatience {
			t.Errorf("reading waited %v for two answers that do not come, want %v", took, 2*unansweredPatience)
		}
	})
}
