#include "winsock/wsa_windows.h"
