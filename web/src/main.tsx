import { createRoot } from "react-dom/client";

import { App } from "./App.tsx";
import { browserWorld } from "./call/world.ts";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App world={browserWorld()} />);
