/** The last program of a guest: User Mode Linux has no sysrq, and few hosts have a poweroff that needs no init. */
import koffi from "koffi";

const POWER_OFF = 0x4321fedc;

const libc = koffi.load("libc.so.6");
libc.func("int sync(void)")();
libc.func("int reboot(int command)")(POWER_OFF);
