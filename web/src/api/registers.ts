/** The registers of risks, complaints and trainings. */

import type { Requests } from "./requests.ts";
import type {
  AssessRisk,
  CloseComplaint,
  Complaint,
  ComplaintList,
  ComplaintWords,
  EnterComplaint,
  EnterTraining,
  OwnTrainings,
  Risk,
  RiskRegister,
  Training,
  TrainingList,
} from "./wire.ts";

export function registerRoutes(requests: Requests) {
  return {
    risks: () => requests.json<RiskRegister>({ method: "GET", path: "risks" }),

    assessRisk: (risk: string, body: AssessRisk) => requests.json<Risk>({ method: "PUT", path: `risks/${risk}`, body }),

    complaints: () => requests.json<ComplaintList>({ method: "GET", path: "complaints" }),

    enterComplaint: (body: EnterComplaint) => requests.json<Complaint>({ method: "POST", path: "complaints", body }),

    /** What was said. That it was read is on record. */
    complaintWords: (id: string) => requests.json<ComplaintWords>({ method: "GET", path: `complaints/${id}/words` }),

    closeComplaint: (id: string, body: CloseComplaint) => requests.nothing({ method: "POST", path: `complaints/${id}/close`, body }),

    /** Who was trained in what, and whose training is over. */
    trainings: () => requests.json<TrainingList>({ method: "GET", path: "trainings" }),

    enterTraining: (body: EnterTraining) => requests.json<Training>({ method: "POST", path: "trainings", body }),

    /** What the register says of one's own. */
    ownTrainings: () => requests.json<OwnTrainings>({ method: "GET", path: "account/trainings" }),

    /** It was so. */
    acknowledgeTraining: (id: string) => requests.nothing({ method: "POST", path: `account/trainings/${id}/acknowledge` }),

    /** It was entered by mistake. */
    withdrawTraining: (id: string) => requests.nothing({ method: "POST", path: `trainings/${id}/withdraw` }),
  };
}
