/* The wake-up of a driver-to-app ring (docs/architecture.md, runtime/dext/ring.cpp, runtime/addon/ring.cpp).
 * Proves for RECORDS records, written one by one at any time: no wake-up is lost (the reader ends with every
 * record, never waiting while one lies in the ring and the writer is done), and no arming is answered twice.
 * Fences make each load and store below sequentially consistent in the code; the model assumes it.
 *
 *   spin -search -DRECORDS=5 ring-wakeup.pml
 */
#ifndef RECORDS
#define RECORDS 5
#endif

byte written = 0;   /* the driver's word in the ring */
byte armed = 0;     /* the app's word in the control page */
byte answered = 0;  /* the driver's own copy of the arming it answered last */
byte doorbells = 0; /* completions sent */
chan port = [RECORDS + 2] of { byte };

active proctype driver() {
    byte n = 0;
    byte seen;
    do
    :: n < RECORDS ->
        n++;
        written = n;
        seen = armed;
        if
        :: seen != answered ->
            assert(seen > answered); /* an arming is answered once */
            answered = seen;
            doorbells++;
            port ! seen
        :: else
        fi
    :: else -> break
    od
}

active proctype app() {
    byte read = 0;
    byte arming;
    do
    :: read < RECORDS ->
        if
        :: read < written -> read = written
        :: else ->
            armed++;
            if
            :: read < written -> skip /* look once more: drain again, the doorbell comes as well */
            :: else -> port ? arming   /* a deadlock here is a lost wake-up */
            fi
        fi
    :: else -> break
    od;
    assert(doorbells <= armed)
}
