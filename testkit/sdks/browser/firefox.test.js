// livekit-client in Firefox ESR.

import { common, stories } from "./stories.js";

stories("firefox", common);
