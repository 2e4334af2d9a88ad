// The help page: what the console protects, and what it does not.
import type { Table } from "../../shared/i18n";

export const protects = {
  hp_title: ["Ce que la console protège, et ce qu'elle ne protège pas", "What the console protects, and what it does not"],
  hp_yes: ["Ce qui est protégé", "What is protected"],
  hp_yes_1: ["Personne chez l'éditeur ne peut ouvrir un cabinet : ni vous, ni un administrateur, ni la passerelle, ni sa base. Seul le cabinet ouvre.", "Nobody at the vendor can open a practice: not you, not an administrator, not the gateway, not its database. Only the practice opens."],
  hp_yes_2: ["Dans une session, ce que vous tapez, voyez et transférez est chiffré de ce navigateur jusqu'au cabinet. La passerelle ne transporte que des octets scellés.", "In a session, what you type, see and transfer is encrypted from this browser to the practice. The gateway carries sealed bytes only."],
  hp_yes_3: ["Le mot de passe à usage unique n'entre que dans cette liaison scellée, jamais dans un formulaire de la passerelle.", "The one-time password goes only into that sealed link, never into a form of the gateway."],
  hp_yes_4: ["La clé de ce navigateur ne peut pas en sortir ; la clé du cabinet est comparée à celle de son accord signé.", "This browser's key cannot leave it; the practice's key is compared with the one in its signed consent."],
  hp_no: ["Ce qui ne l'est pas", "What is not"],
  hp_no_1: ["La passerelle sert le code de cette page. Une passerelle entre les mains d'un attaquant pourrait servir une page qui triche : qui lit votre écran ou ce que vous tapez, pendant une session que le cabinet a ouverte.", "The gateway serves the code of this page. A gateway in an attacker's hands could serve a page that cheats: one that reads your screen or what you type, in a session the practice opened."],
  hp_no_2: ["Elle ne pourrait toujours rien ouvrir sans le cabinet, ni cacher ce que le cabinet regarde et journalise lui-même.", "Even so it could open nothing without the practice, nor hide what the practice itself watches and records."],
  hp_no_3: ["Une machine de travail compromise voit ce que vous voyez, par quelque chemin que ce soit.", "A workstation that is taken over sees what you see, whatever the path."],
  hp_ways: ["Trois façons de s'en passer", "Three ways around it"],
  hp_native: ["Le chemin de référence : ssh -J", "The reference path: ssh -J"],
  hp_native_text: ["Votre client SSH ne doit rien au code de la passerelle. Il fait tout ce que fait cette page :", "Your SSH client owes nothing to the gateway's code. It does all that this page does:"],
  hp_hash: ["L'empreinte de cette page", "The fingerprint of this page"],
  hp_hash_text: ["La passerelle dit servir cette version ; elle l'inscrit au journal à chaque changement. Comparez-la à celle que publie l'éditeur :", "The gateway says it serves this version; it writes every change in the log. Compare it with the one the vendor publishes:"],
  hp_check: ["Pour la recalculer vous-même, puis vérifier chaque fichier :", "To compute it yourself, then check each file:"],
  hp_local: ["La même page, installée chez vous", "The same page, installed on your machine"],
  hp_local_text: ["Le paquet pontlevis-console contient exactement ces fichiers, construits des sources publiées : même empreinte. Installé sur votre machine, il les sert lui-même et ne relaie à la passerelle que les demandes et les octets scellés ; elle ne peut plus changer le code. Pour la construire et l'installer, depuis les sources :", "The package pontlevis-console holds exactly these files, built from the published sources: same fingerprint. Installed on your machine it serves them itself and passes only requests and sealed bytes on to the gateway; the gateway can no longer change the code. To build and install it, from the sources:"],
  hp_keyboard: ["Au clavier", "By keyboard"],
  hp_keyboard_text: ["Tout se fait au clavier. Le terminal prend presque toutes les touches ; Ctrl+Maj+F6 en sort.", "Everything can be done by keyboard. The terminal takes almost every key; Ctrl+Shift+F6 leaves it."],
  hp_version: ["Version {version} de la passerelle de {vendor}", "Version {version} of the gateway of {vendor}"],
} as const satisfies Table;
